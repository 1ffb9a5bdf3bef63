"""What is of a country, under the country's own name: "Ukrainian officials" are of Ukraine.

A headline has the one where the next has the other, and stemming keeps them apart. Left out are adjectives that a stemmer
brings to the name anyway, and those that mean something else as well ("Polish").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from .language import stem_words
from .tokenize import fold

# By ISO 639-1 code: adjective and name, folded.
_PAIRS: Final = {
    "en": (
        "afghan=afghanistan albanian=albania algerian=algeria american=america angolan=angola armenian=armenia australian=australia austrian=austria "
        "bolivian=bolivia bosnian=bosnia bulgarian=bulgaria colombian=colombia croatian=croatia cuban=cuba eritrean=eritrea estonian=estonia "
        "ethiopian=ethiopia georgian=georgia indian=india indonesian=indonesia jamaican=jamaica latvian=latvia libyan=libya lithuanian=lithuania "
        "malaysian=malaysia moldovan=moldova mongolian=mongolia nigerian=nigeria paraguayan=paraguay romanian=romania rwandan=rwanda serbian=serbia "
        "syrian=syria tanzanian=tanzania tunisian=tunisia ugandan=uganda venezuelan=venezuela zambian=zambia argentine=argentina argentinian=argentina bangladeshi=bangladesh belarusian=belarus "
        "belgian=belgium brazilian=brazil british=britain burmese=burma cambodian=cambodia canadian=canada chilean=chile chinese=china "
        "congolese=congo cypriot=cyprus czech=czechia danish=denmark ecuadorian=ecuador egyptian=egypt european=europe finnish=finland "
        "french=france german=germany ghanaian=ghana greek=greece guatemalan=guatemala haitian=haiti honduran=honduras hungarian=hungary "
        "icelandic=iceland iranian=iran iraqi=iraq irish=ireland israeli=israel italian=italy japanese=japan jordanian=jordan "
        "kazakh=kazakhstan kenyan=kenya korean=korea kuwaiti=kuwait lebanese=lebanon mexican=mexico moroccan=morocco nepalese=nepal "
        "nepali=nepal norwegian=norway pakistani=pakistan palestinian=palestine peruvian=peru portuguese=portugal qatari=qatar russian=russia "
        "scottish=scotland senegalese=senegal singaporean=singapore slovak=slovakia somali=somalia spanish=spain sudanese=sudan swedish=sweden "
        "swiss=switzerland taiwanese=taiwan thai=thailand turkish=turkey ukrainian=ukraine uruguayan=uruguay vietnamese=vietnam welsh=wales yemeni=yemen zimbabwean=zimbabwe"
    ),
    "de": (
        "amerikanisch=amerika ägyptisch=ägypten australisch=australien belgisch=belgien brasilianisch=brasilien britisch=grossbritannien chinesisch=china dänisch=dänemark "
        "deutsch=deutschland finnisch=finnland französisch=frankreich griechisch=griechenland indisch=indien irakisch=irak iranisch=iran irisch=irland israelisch=israel "
        "italienisch=italien japanisch=japan kanadisch=kanada mexikanisch=mexiko niederländisch=niederlande norwegisch=norwegen österreichisch=österreich "
        "pakistanisch=pakistan polnisch=polen portugiesisch=portugal rumänisch=rumänien russisch=russland schwedisch=schweden schweizerisch=schweiz serbisch=serbien spanisch=spanien "
        "syrisch=syrien tschechisch=tschechien türkisch=türkei ukrainisch=ukraine ungarisch=ungarn venezolanisch=venezuela"
    ),
    "fr": (
        "allemand=allemagne américain=amérique anglais=angleterre belge=belgique britannique=bretagne canadien=canada chinois=chine égyptien=égypte espagnol=espagne européen=europe "
        "grec=grèce hongrois=hongrie indien=inde irakien=irak iranien=iran israélien=israël italien=italie japonais=japon libanais=liban marocain=maroc mexicain=mexique "
        "néerlandais=pays-bas palestinien=palestine polonais=pologne portugais=portugal roumain=roumanie russe=russie sénégalais=sénégal suédois=suède syrien=syrie turc=turquie "
        "tunisien=tunisie ukrainien=ukraine vénézuélien=venezuela"
    ),
    "es": (
        "alemán=alemania americano=américa argentino=argentina brasileño=brasil británico=bretaña canadiense=canadá chileno=chile chino=china colombiano=colombia cubano=cuba egipcio=egipto español=españa "
        "europeo=europa francés=francia griego=grecia iraní=irán iraquí=irak israelí=israel italiano=italia japonés=japón marroquí=marruecos mexicano=méxico palestino=palestina "
        "peruano=perú polaco=polonia portugués=portugal ruso=rusia sirio=siria sueco=suecia turco=turquía ucraniano=ucrania venezolano=venezuela"
    ),
}  # fmt: skip


@cache
def countries_by_stem(language: str) -> Mapping[str, str]:
    """By the stem of an adjective the stem of its country's name; empty for languages without a table.

    Args:
        language: ISO 639-1 code.
    """
    pairs = [pair.split("=") for pair in _PAIRS.get(language, "").split()]
    adjectives, names = ([fold(pair[at]) for pair in pairs] for at in (0, 1))
    stems = zip(stem_words(adjectives, language), stem_words(names, language), strict=True)
    return {adjective: name for adjective, name in stems if adjective != name}
