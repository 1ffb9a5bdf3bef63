"""What never_quoted.py tells in English, German and Chinese, in French, Spanish, Italian, Portuguese, Dutch and Japanese."""

from __future__ import annotations

from collections.abc import Mapping

_NAME = r"(?-i:[A-ZÀ-Þ][\w.’'-]+)"
_AGENCY = r"(?-i:[A-Z]{2,5}|Reuters|Lusa|Belga|Bloomberg)"
ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    # Such as "Lire aussi", "Suscríbete" and 続きを読む.
    "call to act": (
        (
            r"\A(?:cliquez|abonnez-vous|inscrivez-vous|retrouvez|découvrez|suivez|lisez|regardez|écoutez|rejoignez|téléchargez|partagez|recevez|réagissez|participez|"
            r"ne manquez pas|n['’]hésitez pas|pour (?:en savoir|lire la suite|aller plus loin)|(?:à )?(?:re)?lire (?:aussi|également|la suite|l['’]article|:)|(?:à )?(?:re)?voir (?:aussi|:)|"
            r"plus d['’]info\w*|en savoir plus|il vous reste \d)|\bréservée?s? (?:à nos |aux )abonnés\b|\bdéjà abonné\b"
        ),
        (
            r"\A(?:suscr[íi]bete|haz clic|haga clic|pulsa|pincha|s[íi]guenos|sigue (?:leyendo|aquí|toda|en directo|la última)|lee (?:también|más|aquí|la noticia)|leer más|te puede interesar|"
            r"descubre|consulta (?:aquí|toda|la)|mira (?:el video|también|aquí)|más información|únete|recibe|no te pierdas|regístrate|apúntate|inscríbete|para seguir leyendo|ver más)\b|"
            r"\b(?:contenido|artículo) (?:exclusivo )?para suscriptores\b"
        ),
        (
            r"\A(?:leggi (?:anche|tutto|l['’]articolo|la notizia)|clicca|iscriviti|abbonati|segui(?:ci)? (?:su|la|il|tutti)|seguici|scopri (?:di più|come|tutt)|guarda (?:anche|il video|le foto)|"
            r"per saperne di più|continua a leggere|non perdere)\b|\briservat\w agli abbonati\b"
        ),
        (
            r"\A(?:leia (?:também|mais|a íntegra)|clique|assine|inscreva-se|siga (?:o|a|nos|também)|veja (?:também|mais|abaixo|o vídeo|fotos)|saiba mais|confira|acompanhe|receba|compartilhe|baixe o|assista)\b|"
            r"\b(?:exclusivo|conteúdo) para assinantes\b"
        ),
        r"\A(?:lees (?:ook|meer|verder)|klik|schrijf je in|meld je aan|volg (?:ons|het|hier)|bekijk (?:ook|hier|de video)|abonneer)\b",
        (
            r"\A[▶►→・※＞>\s]*(?:続きを読む|詳しくは|こちら(?:から|を|へ)|あわせて読みたい|関連(?:記事|ニュース|リンク|動画)|もっと(?:見る|読む)|会員(?:限定|登録)|有料(?:会員|記事)|無料(?:会員|で読)|"
            r"ログイン|全文を読む)|この記事は有料|残り[:：]?\d+文字|ご(?:覧|応募|登録|購読)(?:ください|下さい)|フォローし(?:て|よう)"
        ),
    ),
    # Such as "Voici ce qu'il faut savoir" and "Te contamos".
    "announcement": (
        r"\A(?:voici|on fait le point|ce qu['’]il faut (?:savoir|retenir)|l['’]essentiel (?:à retenir|en)|le point sur la)\b",
        r"\A(?:est[ae]s? (?:es|son) (?:las?|los|el|todas|todos)|aquí (?:están|tienes|te|puedes)|esto es lo que|a continuación|te (?:contamos|explicamos|mostramos|traemos))\b",
        r"\A(?:ecco (?:cosa|come|perché|chi|quali|quanto|tutt\w|le|i|il|la|gli)|di seguito|cosa c['’]è da sapere)\b",
        r"\A(?:(?:veja|confira|saiba|entenda) (?:o que|como|quem|quais|por|a|os|as)|a seguir,)",
        r"\A(?:以下(?:は|の通り|に)|ポイントは次)",
    ),
    "note": (
        r"[(\[（](?:mis à jour|actualisé|crédits?|illustration|actualizad[oa]|actualización|aggiornat[oa]|atualizad[oa]|bijgewerkt|写真|画像|資料|動画|記事)\b",
        r"\A(?:ndlr|note de la rédaction|nota d(?:e|ella|el|a) (?:la |editor|redac|redaz|r)\w*|rectificatif|fe de errat\w+|errata)\b",
    ),
    "timestamp": (
        r"\A(?:publiée?|mise? à jour|modifiée?|publicad[oa]|actualizad[oa]|pubblicat[oa]|aggiornat[oa]|atualizad[oa]|gepubliceerd|bijgewerkt)(?: (?:le|el|il|em|op|hoy|à|a las|às|alle))? ?:?\s?(?:\w+ )?\d",
        r"\A(?:20\d\d年)?\d{1,2}月\d{1,2}日[（(]?.?[)）]?\s?\d{1,2}[時:：]\d{0,2}分?\s?(?:配信|更新|公開|掲載|\Z)",
    ),
    # Such as "Par Anne Quai", "Avec AFP" and 【山田太郎】.
    "byline": (
        rf"\A(?:par|por|di|door|propos recueillis par|texte|texto|testo)\s?:? {_NAME}(?:,? (?:et|y|e|en|de|da|avec|con|com|a) {_NAME}| {_NAME})*[.!]?\Z",
        rf"\A[(\[]?(?:avec|con|com|met|con información de|source|fuente|fonte)\s?:? {_AGENCY}(?:(?:,| et| y| e| en) {_AGENCY})*[)\]]?\.?\Z",
        r"\A[【（(]?[^。、，\s]{2,8}(?:記者|特派員|通信員|編集委員|論説委員)[】）)]?。?\Z|\A(?:文|取材|構成|聞き手|撮影)(?:・[^。]{1,4})?[:：＝/／]|【[^】]{2,12}】\Z",
    ),
    "programme": (
        (
            r"\A(?:dans (?:cet|ce|cette|notre) (?:épisode|podcast|vidéo|numéro|émission|entretien|newsletter|article|série)|en (?:este|esta|el|la) (?:nuev[oa] )?(?:episodio|podcast|vídeo|video|entrega|programa|entrevista|artículo|boletín)|"
            r"in quest[oa] (?:episodio|podcast|video|puntata|articolo)|nest[ea] (?:episódio|podcast|vídeo|edição|entrevista|artigo|reportagem)|in deze (?:aflevering|podcast|video|nieuwsbrief))\b"
        ),
        r"\b(?:dans mon (?:précédent|dernier|prochain) (?:article|billet)|en mi (?:anterior|último|próximo) (?:artículo|entrada|columna)|nel mio (?:precedente|ultimo) articolo|no meu (?:último|artigo anterior))\b",
        r"\A(?:前回の(?:記事|投稿|連載|コラム)(?:で|は)|連載(?:の)?第\d+回)",
        r"\A(?:今回の(?:番組|動画|記事|特集)|この(?:番組|動画|記事|連載)|本(?:記事|稿|番組|連載))(?:では|は|で)",
    ),
    "outlet": (
        r"\b(?:notre|nos) (?:newsletters?|podcasts?|journalistes?|rédaction|envoyée?s? spéciale?s?|correspondante?s?|appli\w*|abonnés|lecteurs|chaîne)\b|\A(?:bonjour|bienvenue|merci d['’e])\b",
        r"\bnuestr[oa]s? (?:newsletter|boletín|podcast|redacción|canal|lectores|suscriptores|aplicación|enviad[oa])\b|\A(?:hola|buenos días|bienvenid\w+)\b",
        r"\bnostr[aoei] (?:newsletter|podcast|redazione|sito|lettori|inviat[oa]|abbonati)\b|\A(?:buongiorno|benvenut\w)\b",
        r"\bnoss[ao]s? (?:newsletter|podcast|redação|site|leitores|canal|equipe|assinantes)\b|\A(?:bom dia|olá|bem-vind\w+)\b|\bonze (?:nieuwsbrief|podcast|redactie|lezers|verslaggever)\b",
        r"(?:当|本)(?:サイト|紙|誌|番組|チャンネル|メディア)(?:は|が|の|で)|\A(?:こんにちは|おはようございます|みなさん)",
    ),
    "teaser": (
        (
            r"\b(?:on vous (?:explique|raconte|dit tout|montre)|vous n['’]allez pas en croire|le reste de l['’]article)\b|\b(?:no te lo vas a creer|te lo contamos|sigue leyendo)\b|"
            r"\b(?:vi spieghiamo|non crederete|scoprite)\b|\b(?:você não vai acreditar|a gente explica|entenda o caso)\b|(?:わかりやすく|詳しく)(?:解説|紹介|お伝え)(?:する|します|しよう)|見ていこう|紹介し(?:たい|よう|ます)"
        ),
    ),
    "wall": (
        r"\bnous et nos (?:\d+ )?partenaires\b|\bpartenaires et nous\b|\b(?:retirer|révoquer) votre consentement\b",
        r"\bnosotros y nuestros (?:\d+ )?socios\b|\b(?:retirar|revocar) (?:su|tu) consentimiento\b|\bnós e (?:os )?nossos (?:\d+ )?parceiros\b",
        r"\bnoi e i nostri (?:\d+ )?(?:partner|fornitori)\b|\b(?:revocare|ritirare) il (?:tuo |suo )?consenso\b|\bwij en onze (?:\d+ )?partners\b",
    ),
    "history": (
        # What a blog puts under each text: "The post X appeared first on Y".
        (
            r"\A(?:der beitrag|cet article|l['’]article|la entrada|el cargo|l['’]articolo|o post|het bericht|artykuł|wpis|inlägget|indlægget|innlegget|příspěvek|"
            r"сообщение|запись|допис|投稿|artikel|artikkeli|articolul)\b.{1,300}(?:erschien zuerst auf|est apparu en premier sur|(?:se publicó|apareció) primero en|"
            r"proviene da|apareceu primeiro em|verscheen eerst op|pochodzi z serwisu|dök först upp på|blev først (?:udgivet|vist) på|dukket først opp på|pochází z|"
            r"появил(?:ись|ась|ось|ся) (?:сначала|впервые) на|з['’]явився спочатку на|に最初に表示されました|pertama kali tampil (?:pada|di)|julkaistiin ensimmäisenä|apare prima dată în)"
        ),
        r"\byazısı ilk önce .{1,100} ortaya çıktı|\bbejegyzés először .{1,100} jelent meg|\Aظهرت المقالة .{1,300} أولاً على",
        r"\b(?:cet article|cette page|ce texte|cette dépêche)\b.{0,40}\b(?:mise? à jour|modifiée?|publiée?|traduite?)\b|\bplus d['’]informations à (?:venir|suivre)\b",
        r"\best[ae] (?:noticia|artículo|información|nota|reportagem|notícia|texto|matéria)\b.{0,40}\b(?:actualiza\w*|desarrollo|publicad\w+|atualizad\w+|traducid\w+)\b|\bhabrá ampliación\b|\bem atualização\b",
        r"\bquest[oa] (?:articolo|notizia|pagina)\b.{0,40}\b(?:aggiorna\w+|pubblicat\w+)\b|\bin aggiornamento\b",
        r"(?:この記事|本記事|この内容)は.{0,40}(?:更新|掲載|配信|公開|転載)|随時更新|無断転載|(?:から|より)(?:一部)?転載",
    ),
    "credit": (
        r"\bcrédits?(?: photos?)?\s?[:©]|\bphoto d['’]illustration\b|\bcapture d['’]écran\b\s?[.)]|©\s?\w|\b(?:fotografía|imagen|imagem|immagine|foto|crédito)s?\s?: ?(?-i:[A-ZÀ-Þ])",
        r"(?:写真|画像|出典|撮影|提供)\s?[:：＝=／/]|[（(＝=][^。（()）]{1,14}(?:撮影|提供|写真)[)）]?。?\Z",
    ),
}  # fmt: skip
