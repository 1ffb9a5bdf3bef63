"""Look-alikes stay apart, and a big event that goes on does not fall apart, in scripts without spaces as well."""

from builders import item

from digestbot.model import Item
from digestbot.stories import CorpusStatistics
from digestbot.stories.cannot_link import CannotLink
from digestbot.stories.linkage import ItemGroup
from digestbot.stories.similarity import compare_items

# An event of our own: a warehouse of batteries burns at a harbour called Lianwan.
SCENE = (
    "消防周一晚九時許接報，派出三十輛消防車到場，火勢約四小時後受控，附近兩個屋苑的居民一度疏散，空氣中瀰漫刺鼻氣味。"
)
STATEMENT = (
    "市長發表聲明，對死者家屬致以深切慰問，要求有關部門全面檢視倉庫牌照，徹查起因，並承諾一個月內向議會提交報告。"
)
HEADLINES = {
    SCENE: [
        "蓮灣港電池倉庫大火 三人死亡",
        "蓮灣港電池倉庫起火 增至五死十二傷",
        "蓮灣港倉庫大火燒足四小時 居民疏散",
        "電池倉庫大火 蓮灣港濃煙蔽天",
    ],
    STATEMENT: [
        "市長就蓮灣港電池倉庫大火致哀 下令徹查",
        "蓮灣港倉庫大火增至九死 市長要求徹查牌照",
        "蓮灣港電池倉庫大火 市長承諾月內交報告",
        "倉庫大火致九死 市長：徹查蓮灣港電池倉",
    ],
}


def reports(titles: list[str], text: str = "") -> list[Item]:
    return [item(title, text=text, id=title, source=f"outlet {at}") for at, title in enumerate(titles)]


def held_apart(ones: list[Item], others: list[Item]) -> bool:
    """Whether two groups, each as close inside as can be, would be refused though half as close to each other."""
    evidence = compare_items([*ones, *others], CorpusStatistics())
    first = ItemGroup(list(range(len(ones))), float(len(ones) ** 2))
    second = ItemGroup(list(range(len(ones), len(ones) + len(others))), float(len(others) ** 2))
    return CannotLink(evidence).must_not_merge(first, second, 0.45)


def test_a_disaster_in_chinese_is_one_event_whatever_each_report_quotes() -> None:
    """Reports that quote the mayor and reports from the scene share no sentence, but their titles name one fire."""
    scene, statement = (reports(titles, text) for text, titles in HEADLINES.items())
    assert not held_apart(scene, statement)


def test_two_look_alikes_in_chinese_stay_two() -> None:
    """The same headlines about another harbour and other goods are another fire, with texts and without."""
    titles = ["蓮灣港倉庫大火 焚毀電池三千箱", "蓮灣港倉庫起火 電池爆炸", "蓮灣港倉庫大火 電池燒足四小時"]
    elsewhere = [title.replace("蓮灣港", "北角碼頭").replace("電池", "棉花") for title in titles]
    assert held_apart(reports(titles), reports(elsewhere))
    assert held_apart(reports(titles, SCENE), reports(elsewhere, SCENE))


def test_overlapping_pairs_are_one_name() -> None:
    """A name of four characters is three pairs and yet one name, which may be chance; two names are not."""
    titles = ["隧道貨車起火 交通擠塞", "隧道貨車起火 一度封閉", "隧道貨車起火 消防到場"]
    one_name, two_names = ([f"{title} {added}" for title in titles] for added in ("蓮灣港道", "蓮灣港道 陳大文"))
    assert not held_apart(reports(one_name), reports([f"{title} 白沙灣" for title in titles]))
    assert held_apart(reports(two_names), reports([f"{title} 白沙灣 何小明" for title in titles]))


def test_numbers_alone_hold_nothing_apart() -> None:
    """A toll and a time differ from report to report of one flood; with another place they tell of another flood."""
    titles = ["Flood in Maravel kills {}, at {} {}".format("{}", "{}", rest) for rest in ("mud", "rain", "alarm")]
    early, late = ([title.format(toll, hour) for title in titles] for toll, hour in ((3, "6:30"), (17, "9:15")))
    assert not held_apart(reports(early), reports(late))
    assert held_apart(reports(early), reports([title.replace("Maravel", "Odenbach") for title in late]))


def test_one_name_that_all_say_tells_two_events_apart() -> None:
    """Two chains' results share every other word; where a report leaves its chain's name out, the name may be chance."""
    titles = [
        "{} outfitters tops view on winter coats",
        "{} outfitters warns on winter coats",
        "{} outfitters: shares fall",
    ]
    harlow, linden = ([title.format(name) for title in titles] for name in ("Harlow", "Linden"))
    assert held_apart(reports(harlow), reports(linden))
    assert not held_apart(reports(harlow), reports([titles[0].format("Linden"), *titles[1:]]))


def test_an_abbreviation_is_no_other_name() -> None:
    """What one outlet calls Veldt Motors is VM to the next; NK is short for nothing there."""
    told = ["{} recalls cars over brakes", "{} recall: brakes fail", "{} recall probed, brakes at fault"]
    long, short, other = ([title.format(name) for title in told] for name in ("Veldt Motors", "VM", "NK"))
    assert not held_apart(reports(long), reports(short))
    assert not held_apart(reports(short), reports(long))
    assert held_apart(reports(long), reports(other))
