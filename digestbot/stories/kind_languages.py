"""Rows of the table of kinds (kind_table.py) for French, Spanish, Italian, Portuguese, Dutch and Japanese.

A word that another language has as well counts only with a second one behind it: "comment" before "le", "come" before "il".
"""

from __future__ import annotations

from typing import Final

from ..model import Kind
from .kind_rule import DIVIDER, address_row, title_row

_OPENING = r"^[\W_]*"
_CLOSING = r"[)\]】》]?\s*$"
# A warning is no forecast.
_NO_ALERT = r"^(?!.*(?:alerte|vigilance|alerta|aviso|allerta|allarme|temp[êeo]st|ouragan|hurac[áa]n|uragano|furac[ãa]o|temporal|inonda|inunda|mort|muert|mort[ioe]|waarschuw|storm|警報|注意報|大雨|台風|死))"

OFFERS_ABROAD: Final = (
    address_row(
        Kind.SPONSORED,
        "publi publireportage publi-redactionnel contenu-partenaire contenus-partenaires partenaire partenaires contenu-sponsorise publirreportaje "
        "patrocinado contenido-patrocinado contenido-de-marca publieditorial conteudo-patrocinado branded-content publiredazionale",
        "a section for what advertisers pay for",
        "https://tide.example/contenu-partenaire/grue",
    ),
    title_row(
        Kind.SPONSORED,
        rf"{_OPENING}(?:publi-?(?:rédactionnel|reportage|communiqué|editorial|rreportaje|redazionale)|(?:contenu|contenido|conteúdo|contenuto)\s(?:sponsoris\w+|patrocinado|partenaire|de\smarca|sponsorizzato)|sponsorisé|patrocinado|sponsorizzato|gesponsord|informe\spublicitário|広告|ＰＲ|PR)(?:{DIVIDER}|\])"
        r"|[\[【(（](?:PR|ＰＲ|AD|広告|提供)[\])】）]",
        "a headline marked as paid for",
        "Publireportage : la grue de demain",
        "Contenido patrocinado | La grúa del año",
        "【PR】新しいクレーン",
        not_in=("PR firm sued over crane", "La publicité pour le tabac interdite"),
    ),
    title_row(
        Kind.DEAL,
        rf"\bbons?\splans?\b|\bcodes?\spromo\b|\bcódigos?\s(?:de\s)?(?:descuento|promocional)\b|\bcup(?:ón|om|ones|ons)\b\s(?:de\s)?(?:descuento|desconto)|\bchollos?\b|\bcodice\ssconto\b|\bkortingscodes?\b"
        rf"|{_OPENING}(?:ofertas?|offert[ae]|promos?|promotion|promoção|soldes|aanbieding|deal\s(?:van|del|du))(?:{DIVIDER})|\ben\s(?:promo|soldes|oferta)\s(?:sur|chez|à|en)\s(?:amazon|[\d€])"
        r"|\d+\s?[%％]\s?オフ|クーポン|タイムセール|セール(?:開催|情報|中)|(?:が|で)?特価",
        "codes and offers in the headline",
        "Bon plan : la corde à moitié prix",
        "Chollo en Amazon: el ancla más vendida",
        "Offerta: ancora a 20 euro",
        "ロープが50%オフ",
        not_in=("Promotion de la grue : le port recrute", "La oferta de empleo cae", "セールスの電話にご注意"),
    ),
)

ABROAD: Final = (
    address_row(
        Kind.OPINION,
        "idees debats tribune tribunes edito editos editoriaux chroniques chronique billets opinion-debats columna tribunas firmas "
        "cartas-al-director opinioni editoriali commenti rubriche opiniao colunas colunistas opinie shasetsu 社説 オピニオン コラム",
        "a section of what somebody thinks",
        "https://tide.example/idees/grues",
        "https://tide.example/opiniao/guindastes",
        not_in=("https://tide.example/politica/tribuna-cae",),
    ),
    address_row(
        Kind.VIDEO,
        "vidéos vidéo diaporama diaporamas portfolio fotogaleria fotogalerias galeria galerias gallery galleries photos pictures in-pictures "
        "picture-gallery fotostrecke fotostrecken bilderstrecke bilderstrecken fotos fotogallery photogallery 動画 写真",
        "a section of what is looked at",
        "https://tide.example/diaporama/grue",
    ),
    address_row(
        Kind.LIVE,
        "en-direct direct directo en-directo en-vivo envivo in-diretta diretta ao-vivo minuto-a-minuto",
        "a section of pages that go on",
        "https://tide.example/en-direct/grue",
    ),
    address_row(
        Kind.GUIDE,
        "recettes recette recetas receta ricette receitas horoscopo oroscopo conseils consejos astuces trucos jeux pasatiempos "
        "programme-tv mots-croises rezepte レシピ 占い",
        "a section of advice and games",
        "https://tide.example/recettes/soupe",
    ),
    title_row(
        Kind.LIVE,
        rf"{_OPENING}(?:en\s(?:direct|vivo|directo)|direct|directo|(?:in\s|la\s)?diretta|ao\svivo|em\sdireto|minuto\sa\sminuto|ライブ|生中継|中継)(?:{DIVIDER}|[.,]\s)"
        rf"|(?:[|–—:,.-]\s*|\()(?:(?:suivez\s)?(?:l[ea’']\s?\w+\s)?en\s(?:direct|vivo|directo)|(?:in|la)\sdiretta|ao\svivo|em\sdireto|(?:le|notre|el)\sdirecto?|minuto\sa\sminuto|minute\spar\sminute)(?:\)|\s*$|\s?[|:,])"
        r"|,\sdirect\s?:|\bin\sdiretta$|\bsuivez\s(?:l[ea]\s|notre\s)?(?:direct|live)\b|\b(?:última|últimas)\s(?:hora|noticias)\s(?:en\s(?:vivo|directo)|hoy)|【(?:ライブ|LIVE|生中継|中継)[^】]*】|(?:随時|リアルタイム)更新|ライブ(?:配信|中継)",
        "a headline marked as going on",
        "EN DIRECT - La grue tombe dans le port",
        "Grève au port : suivez le direct",
        "La grúa cae en el puerto, en directo",
        "Sciopero al porto, la diretta",
        "【ライブ】港のクレーン倒れる",
        not_in=("Il disco dal vivo del porto", "Un vol direct pour le port", "El grupo graba en directo su disco"),
    ),
    title_row(
        Kind.PODCAST,
        rf"{_OPENING}(?:podcast|balado|à\sécouter|écoutez|escucha|ascolta|ouça|luister|ポッドキャスト|音声)(?:{DIVIDER})|(?:ポッドキャスト|【音声】)",
        "a headline marked as something to hear",
        "À écouter : la grue",
        "【音声】港の話",
    ),
    title_row(
        Kind.VIDEO,
        rf"{_OPENING}(?:(?:en\s)?vid[ée]os?|(?:en\s)?v[íi]deos?|vidéo|(?:en\s)?images|photos|diaporama|portfolio|galería|fotogalería|fotos|foto|gallery|le\sfoto|in\sbeeld|動画|写真(?:特集)?|映像|フォト)(?:{DIVIDER}|[.]\s)"
        rf"|[|–—.-]\s*(?:vid[ée]o|v[íi]deo|diaporama|en\simages|fotos|galería){_CLOSING}|\ben\s(?:vidéo|vídeo|imágenes)\s*$|:\sles\simages\b|[【\[(（](?:動画|写真|映像|写真特集|フォト)[^】\])）]{{0,6}}[】\])）]",
        "a headline marked as something to look at",
        "VIDÉO. La grue tombe dans le port",
        "En images : la tempête",
        "VÍDEO | Cae la grúa",
        "クレーンが倒れる【動画】",
        not_in=("Une vidéo montre la chute", "Fotos belasten den Hafenmeister"),
    ),
    title_row(
        Kind.REVIEW,
        rf"{_OPENING}(?:critique|on\sa\s(?:testé|vu|lu)|prise\sen\smain|banc\sd[’']essai|crítica|reseña|hemos\sprobado|probamos|recensione|la\sprova|abbiamo\sprovato|resenha|testamos|recensie|getest|test(?=\s*:)|書評|レビュー|試乗記?)(?:{DIVIDER}|\s(?:l[ea]|el|la|il|o|a|de|het)\b)|[|–—]\s*(?:critique|crítica|recensione|recensie){_CLOSING}"
        r"|レビュー(?:[:：｜|]|$)|実機レビュー|使ってみた|(?:【|\[)(?:書評|レビュー|試乗)",
        "a headline that judges goods or works",
        "Critique : « La Grue », un roman",
        "On a testé la nouvelle corde",
        "Reseña: La grúa, una novela",
        "新型クレーン 実機レビュー",
        not_in=("Critiqué, le maire du port démissionne", "La critica del sindaco al porto"),
    ),
    title_row(
        Kind.OPINION,
        rf"{_OPENING}(?:tribune|l[’'])?(?:tribune|édito(?:rial)?|chronique|billet|point\sde\svue|opinion|carte\sblanche|opinión|editorial|columna|tribuna|cartas?\sal\sdirector|editoriale|il\scommento|commento|lettere|opinião|coluna|opinie|commentaar|社説|主張|論説|コラム|オピニオン|投書|寄稿|論点|時評)(?:\sd[e’'][^:|]{{2,40}})?(?:{DIVIDER}|[（(【]|[.]\s)"
        rf"|[|–—]\s*(?:opinión|tribune|opinião|editorial|opinie){_CLOSING}|^«.*»\s?,?\s(?:par|por|di)\s(?-i:[A-ZÀ-Þ])|,\s(?:chronique|tribune|columna)\s?:|[|–—]\s*(?:columna|tribuna|chronique)\sd[ei]\b|[【\[(（〈<＜](?:社説|主張|論説|コラム|オピニオン|投書|寄稿|論点|時評|視点)[^】\])）〉>]{{0,8}}[】\])）〉>＞]|^社説",
        "a headline marked as somebody's view",
        "Tribune : les grues sont trop hautes",
        "L’éditorial de la Marée : trop de grues",
        "Opinión | Las grúas son altas",
        "社説：クレーンは高すぎる",
        "【社説】港の未来",
        not_in=("La tribune du stade s'effondre", "El editorial más antiguo del puerto cierra", "コラムニストを逮捕"),
    ),
    title_row(
        Kind.NEWSLETTER,
        rf"{_OPENING}(?:la\smatinale|le\sbrief|l[’']essentiel(?:\sde\sl[’']actu\w*)?|l[’']actu(?:alité)?\s(?:du|de\sce|en\sbref|de\sla)|revue\sde\spresse|le\srécap|en\sbref|boletín|las\s(?:\w+\s)?noticias\s(?:del|de\sla|de\shoy|que|más)|resumen\s(?:de\snoticias|del\sdía|de\sla\ssemana|semanal)|las\sportadas\b|lo\smás\sleído"
        rf"|le\snotizie\s(?:del|di\soggi|della)|rassegna\sstampa|le\sprime\spagine|il\spunto|resumo\s(?:do\sdia|da\ssemana|das\snotícias)|as\snotícias\s(?:do|desta|de\shoje)|boletim|manchetes\sd|as\scapas\b|nieuwsbrief|het\snieuws\svan|kort\snieuws)(?:{DIVIDER}|\b)(?=.*[:|–—-]|.*\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|\d)|\W*$|.*\b(?:día|oggi|hoje|dia|semana|matin|soir|vandaag|hoy)\b)"
        rf"|[【\[(（]?(?:きょう|今日|昨日|今週|１週間|1週間)の(?:ニュース|出来事|まとめ|一面|新聞)|(?:朝刊|夕刊)(?:一面|まとめ|ヘッドライン)|ニュース(?:まとめ|ダイジェスト|ヘッドライン)|週間(?:まとめ|ニュース)|主なニュース",
        "a title under which an outlet collects the news",
        "L'essentiel de l'actu : grue, tempête, poisson",
        "Las noticias del día: grúa y tormenta",
        "Rassegna stampa di oggi",
        "Resumo do dia: guindaste e tempestade",
        "今日のニュースまとめ",
        not_in=("Le briefing du maire tourne mal", "El boletín oficial publica la ley de puertos"),
    ),
    title_row(
        Kind.MARKET_DATA,
        rf"{_NO_ALERT}{_OPENING}(?:.{{0,20}}\b)?(?:météo\s(?:du|de\sce|à|en|:|des)|(?:la\s)?météo(?:{DIVIDER})|prévisions\smétéo|(?:pronóstico|previsión)\sdel\s(?:tiempo|clima)|el\s(?:tiempo|clima)\s(?:hoy|mañana|en\s.{{2,30}}\shoy)|previsioni\s(?:meteo|del\stempo)|meteo\s(?:oggi|domani)|previsão\sdo\stempo|het\sweer\s(?:vandaag|morgen)|weerbericht|天気予報|週間予報|(?:きょう|今日|あす|明日|今夜)の天気)"
        r"|\b(?:précio|precio|cotización|cotação|preço|prezzo|quotazion[ei]|cours)\s(?:d\w+\s)?(?:l[ao]\s)?[\w\s]{2,24}\s(?:hoy|hoje|oggi|aujourd[’']hui|del\sdía)\b|\bd[óo]lar\s(?:hoy|hoje)\b"
        r"|\b(?:résultats?|resultados?|estrazion[ei]|números|numeri|tirage)\s(?:\w+\s){0,3}(?:loto|lotería|tirage|euromillions?|euromillones|primitiva|lotto|superenalotto|mega-?sena|quina|bonoloto|once|sorteo)\b|宝くじ.{0,8}(?:当選|結果)|当せん番号|当選番号",
        "figures and forecasts of every day",
        "Météo du jour : soleil et nuages",
        "El tiempo hoy en la costa: sol y nubes",
        "Precio de la luz hoy, 7 de agosto",
        "Dólar hoy: la cotización",
        "Resultados de la Bonoloto",
        "きょうの天気 晴れのち曇り",
        not_in=("Alerte météo : tempête sur la côte", "Los precios suben hoy un 3%", "台風接近、あすの天気は大荒れ"),
    ),
    title_row(
        Kind.GUIDE,
        rf"{_OPENING}(?:recettes?|recetas?|ricett[ae]|horoscope|hor[óo]scopo|oroscopo|horoscoop|quiz|mots\scroisés|crucigrama|astuces?|trucos|consejos|conseils)\b(?:{DIVIDER}|\s(?:d[eui]|para|pour|per|facile|fácil|van)\b|$)|\bprogramme\stv\b|\bmots[-\s]croisés\b"
        rf"|\bà\squelle\sheure\b|\bsur\squelle\schaîne\b|\ba\squé\shora\b|\bdónde\sver\b|\ba\sche\sora\b|\bdove\svederl[ao]\b|\bonde\sassistir\b|\bque\shoras\b|\bquelle\schaîne\b|\bhoe\slaat\b|\bpalpites?\b(?:{DIVIDER}|\se\b)"
        rf"|{_OPENING}(?:que\sfaire|quoi\sfaire|qué\shacer|cosa\sfare|o\sque\sfazer)\b|{_OPENING}(?:comment\s(?:bien\s|mieux\s)?(?:faire|choisir|éviter|regarder|obtenir|réussir|préparer|économiser|utiliser|nettoyer)|cómo\s(?:ver|hacer|conseguir|elegir|evitar|solicitar|cobrar|limpiar|usar)|come\s(?:fare|vedere|richiedere|ottenere|scegliere|risparmiare)|como\s(?:assistir|fazer|consultar|sacar|declarar|escolher|economizar))\b"
        rf"|{_OPENING}(?:les|los|las|i|le|os|as|de)\s\d+\s(?:meilleur\w*|mejores|migliori|melhores|beste)\b"
        r"|星座占い|運勢|今日の占い|の(?:レシピ|作り方|選び方|使い方|やり方)(?:$|[：:｜|】])|おすすめ\d*選|\d+選(?:$|[！!：:｜|】])|クロスワード|早見表",
        "advice, games and programmes",
        "Recette : la soupe du port",
        "Horóscopo de hoy",
        "À quelle heure et sur quelle chaîne voir la régate",
        "Cómo ver la regata",
        "Come fare il nodo",
        "Les 10 meilleures cordes",
        "初心者におすすめ5選",
        not_in=(
            "Les recettes du port baissent de 4%",
            "Receita Federal apreende guindaste",
            "Consejo del puerto dimite",
            "選挙で3人当選",
        ),
    ),
    title_row(
        Kind.ANALYSIS,
        rf"{_OPENING}(?:décryptage|analyse|explications?|récit|portrait|infographies?|enquête|entretien|interview|vrai\sou\sfaux|fact-?checking|reportage|grand\sformat|análisis|las?\sclaves?|perfil|entrevista|verificación|fact-?check|analisi|la\sscheda|il\sritratto|intervista|l[’']intervista|análise|entenda|perguntas\se\srespostas|analyse|uitgelegd|factcheck|interview|解説|分析|検証|深掘り|ファクトチェック|インタビュー)(?:{DIVIDER}|[（(【]|[.]\s)"
        rf"|[|–—(]\s*(?:análisis|analyse|décryptage|analisi|análise|entretien){_CLOSING}|[【\[(（〈<](?:解説|分析|検証|深掘り|独自解説|Q&A|インタビュー|ファクトチェック)[^】\])）〉>]{{0,8}}[】\])）〉>]"
        r"|\ben\s\w+\s(?:questions|points|chiffres|graphiques|cartes|preguntas|claves|gráficos)\s*$|\b(?:choses|points|cosas)\s(?:à|a|que)\s(?:savoir|retenir|saber|hay)\b|\blas?\s(?:\w+\s)?claves\s(?:de|del|para|sobre)\b|^entenda\s|\b(?:ce\sque\s(?:l[’']on|nous|vous|on)\s(?:sait|savons|devez)|ce\squ[’']il\sfaut\s(?:savoir|retenir)|(?:que|qu[’']est-ce\sque?)\s(?:sait-on|l[’']on\ssait)|on\svous\sexplique|lo\sque\s(?:se\ssabe|sabemos|debes?\ssaber)|qué\s(?:se\ssabe|sabemos)|todo\slo\sque|(?:quello|cosa|ciò)\s(?:che\s)?sappiamo|cosa\ssapere|o\sque\s(?:se\ssabe|sabemos|já\sse\ssabe)|saiba\s(?:quem|como|o\sque|por)|veja\so\sque|wat\swe\sweten)\b"
        rf"|(?:{_OPENING}|:\s|:\s[¿«])(?:pourquoi|¿?por\squé|perch[éè]|por\sque|waarom|¿?cómo\s(?:el|la|los|las|un|una|se|es|fue)|comment\s(?:l[ea’']s?|une?|des|ce|cette|son|sa|ils?|elles?|on|nous|se)|come\s(?:il|lo|la|le|gli|un|una|si|è|sono)|como\s(?:o|a|os|as|um|uma|se|é|foi)|hoe\s(?:de|het|een|zit|is)|qui\s(?:est|sont|était)|¿?quién(?:es)?\s(?:es|era|son)|chi\s(?:è|era|sono)|quem\s(?:é|era|são)|wie\sis\b(?=.*\?)|¿?qué\s(?:es|significa|pasa|hay|supone)|che\scos[’'a]|cos[’'a]\s?(?:è|succede|cambia)|o\sque\s(?:é|significa|muda)|quels?\s(?:est|sont)|quelles?\s(?:est|sont))\b"
        r"|^[^？?]{4,}(?:とは|のか|なぜ|わけ|理由)(?:[？?　 ]|$)|^なぜ|：なぜ|、なぜ[^。]*[？?]?$|はなぜ",
        "a headline that explains or asks",
        "Décryptage : la chute de la grue",
        "Pourquoi les grues tombent",
        "Ce que l’on sait de la chute de la grue",
        "Por qué caen las grúas",
        "Lo que se sabe de la caída de la grúa",
        "Come il porto ha perso la gru",
        "Perché cadono le gru",
        "O que se sabe sobre o guindaste",
        "クレーンはなぜ倒れたのか",
        "【解説】港の新法",
        not_in=(
            "Comment period on port plan ends",
            "Come what may, ferries sail",
            "Como beat Tide 2-1",
            "Le pourquoi du port reste inconnu",
            "Entretien avec le maire : il démissionne du port",
            "解説者を逮捕",
        ),
    ),
)  # fmt: skip
