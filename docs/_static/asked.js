// Sphinx' search wants every word of a question on one page. This one ranks sections, each heading its own hit: by how rare the words on it
// are (BM25F), with words of headings first, then words next to each other; a word may be called otherwise here, or be mistyped.
const DocsSearch = {
  sections: [],

  ASKING: new Set(('a about all also am an and any are as at be been but by can could did do does doing done each for from get gets getting give go had '
    + 'has have having he her here him his how i if in into is it its just let like make me much must my need needs of on only or other our ours out please '
    + 'possible set should so some something somehow than that the their them then there these they thing things this those to too up us use used using very want '
    + 'wants was way we were what when where whether which who whom whose why will with would you your digestbot able else happen happens know knows wants there').split(' ')),

  // What people call one thing, here and elsewhere, a group a line; a word in two groups has two meanings. Any form of a word will do.
  SAME: `remove delete unsubscribe leave drop erase forget clear purge discard detach
    stop pause suspend halt disable off holiday vacation absence interrupt deactivate snooze
    mute hide ignore block exclude filter blacklist blocklist ban silence skip omit
    suppress ban block
    without exclude not no none nothing zero empty
    only whitelist allow restrict alone solely
    hour time schedule clock when
    early late time
    late delay lag overdue
    keep kept retention retain store save stored prune expire age
    old older past history archive earlier previous former
    clean cleanup prune purge expire clear
    memory ram hardware requirement cpu processor resource
    disk space room storage gigabyte megabyte size
    move migrate transfer relocate migration switch
    password login credential secret token authentication key vault passphrase
    login signin auth sso ldap oidc
    duplicate twice double again repeat repeated once same deduplicate dedupe dedup redundant
    merge group combine cluster join dedupe consolidate similar
    keyword topic term query phrase word
    category section tag topic folder group
    contain include match mention find
    subject topic theme
    reader subscriber recipient member user audience colleague person people employee staff contact intern boss chief client customer manager somebody
    team department group colleague
    add new create additional another second append insert
    subscribe signup register join add
    change edit modify adjust alter customise customize configure tweak different
    mail email message inbox
    newsletter list mailing
    edition issue digest newsletter briefing bulletin
    look design layout style css theme appearance font colour color template branding
    logo picture image photo banner icon thumbnail
    short shorter brief small fewer less length compact
    long longer more bigger
    limit maximum most max cap bound number count
    minimum least threshold few
    shown appear number
    rank order sort score priority prioritise prioritize weight prefer important boost promote demote trust favourite favorite
    pin top first always
    error fail failure broken wrong problem bug crash trouble
    broken stop dead hang
    dead broken stale silent inactive abandoned quiet down offline unreachable
    alert notify notification warn alarm told warning
    log logging debug trace verbose journal
    feed rss atom source subscription xml
    source outlet publisher site website newspaper house publication
    page website web site url webpage
    link url address
    domain host address
    scrape selector page crawl xpath
    article story news item post entry content
    text content body
    headline title heading name
    rename name title
    intro introduction head header top greeting
    footer foot bottom signature disclaimer imprint
    summary quote sentence excerpt summarise abstract teaser snippet
    ai llm gpt model openai chatgpt claude ollama
    language translate translation locale localisation localise english german french spanish italian portuguese dutch chinese japanese korean arabic
    timezone zone
    day daily morning
    week weekly fortnightly
    month monthly
    weekend saturday sunday weekday workday working business
    frequency often interval frequent hourly polling poll
    refresh update fetch poll collect reload
    backup snapshot dump copy
    restore recover rollback undo revert
    undo revive reactivate resubscribe restore
    upgrade update version release
    install setup begin start deploy deployment
    uninstall remove
    container docker podman image compose
    kubernetes k8s cluster helm
    cron crontab scheduler timer task
    service daemon systemd background serve autostart boot
    machine server host computer laptop vps nas raspberry
    database sqlite postgres postgresql mysql
    slow performance fast speed
    grow scale large many thousand
    redundancy failover available several
    proxy nginx apache caddy traefik https tls reverse
    certificate tls ssl
    port listen bind
    smtp mail server
    sender from address
    reply answer response respond feedback
    spam junk dmarc spf dkim deliverability
    bounce return undelivered undeliverable invalid
    robot bot captcha spammer abuse
    slack channel webhook
    telegram discord teams whatsapp signal matrix mattermost channel messenger
    plugin integration extension channel connector
    automation script program hook webhook
    phone mobile push ntfy ios android smartphone
    gdpr privacy personal data protection
    track tracker tracking analytics open pixel statistic
    statistic report export figure
    monitor prometheus metric health healthcheck uptime
    permission scope access denied forbidden rights
    protect private restrict access public
    publish public web online internet
    admin operator dashboard backend gui interface
    try test preview check dry simulate draft
    check validate verify mistake
    see show display list view print browse
    find search look discover detect locate
    write send post deliver
    receive got arrive deliver
    resend again retry
    sent send delivered delivery
    told tell
    now immediately instant instantly
    temporarily while temporary
    missing miss absent lost
    folder directory path location file
    configuration config setting option parameter env
    export csv download
    import opml load bulk
    json api program script programmatically
    everyone all every everything
    automatic automatically itself
    custom own company corporate
    full whole entire complete
    paywall premium subscription login article
    approve review moderate editor human
    note comment announcement remark
    wait delay
    several multiple two many both
    second two another different separate
    opinion editorial comment commentary
    advert advertisement ad sponsored offer deal promotion
    podcast video youtube
    reset scratch anew
    default usual standard
    chosen choose select pick selected
    certain specific particular
    made make`.split('\n').map((line) => line.trim().split(' ')),

  // What says how many, or names the program, is seldom what a question is about.
  LIGHT: /^(\d{1,2}|bot|three|four|five|six|seven|eight|nine|ten|per|each|every|hundred|thousand)$/,

  // Two words that are one elsewhere.
  ONE_WORD: { 'time zone': 'timezone', 'e mail': 'email', 'log in': 'login', 'sign in': 'signin', 'dry run': 'dry', 'user name': 'login', 'how many': 'number', 'turn off': 'stop', 'switch off': 'stop', 'sign up': 'signup', 'every day': 'daily', 'web hook': 'webhook' },

  // Whoever asks how to do something wants the page that says so, before the tables of every setting and the notes of those who build it.
  KINDS: [[/^howto\/(?!index)/, 1.25], [/^(tutorials|channels|running|operate|start|topics|lists|site|install)(\/(?!index)|$)/, 1.1], [/^reference\/settings/, 0.9], [/^(reference|develop)\//, 0.7],
    [/^(design|changelog|config-example|python|write-a-channel|compare|glossary)$/, 0.55], [/(^|\/)index$/, 0.5]],

  split: (text) => text.toLowerCase().normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? [],
}

;(() => {
  const FIELDS = [[3, 0.4], [1.2, 0.4], [1, 0.6], [2, 0.2]] // the heading, those above it, the text, how else it is asked: weight, and how much length counts
  const CALLED = 0.65 // a word called otherwise
  const MISTYPED = 0.7
  const BEGUN = 0.6 // the beginning of a longer word
  const UNASKED = 0.5 // a word that stands in no heading
  const A_NUMBER = 0.3 // what is LIGHT
  const A_NAME = 50 // points for the heading itself, typed out
  let built = null

  function build(stemWord) {
    const stems = new Map()
    const stem = (word) => {
      if (!stems.has(word)) stems.set(word, stemWord(word))
      return stems.get(word)
    }
    const words = (text) => DocsSearch.split(text).map(stem)
    const sections = DocsSearch.sections.map(([page, anchor, headings, text, asked]) => {
      const ways = [headings.at(-1), ...asked].map(words)
      const fields = [ways[0], words(headings.slice(0, -1).join(' ')), words(text), [...new Set(ways.slice(1).flat())]]
      return { page, anchor, headings, text, ways, fields }
    })
    const mean = FIELDS.map((_, field) => sections.reduce((sum, one) => sum + one.fields[field].length, 0) / sections.length)
    const postings = new Map()
    const put = (word, one, weight) => {
      if (!postings.has(word)) postings.set(word, new Map())
      const of = postings.get(word)
      of.set(one, (of.get(one) ?? 0) + weight)
    }
    for (const one of sections) {
      one.fields.forEach((field, number) => {
        const [weight, length] = FIELDS[number]
        const share = weight / (1 - length + length * (field.length / mean[number]))
        for (const word of field) put(word, one, share)
      })
    }
    const same = new Map()
    for (const group of DocsSearch.SAME) {
      const stemmed = group.map(stem)
      for (const word of stemmed) same.set(word, new Set([...(same.get(word) ?? []), ...stemmed]))
    }
    const inHeadings = new Set(sections.flatMap(({ ways }) => ways.flat()))
    const rarity = (word) => Math.log(1 + sections.length / (1 + postings.get(word).size)) * (inHeadings.has(word) ? 1 : UNASKED)
    built = { stem, words, sections, postings, same, rarity, asking: new Set([...DocsSearch.ASKING].map(stem)) }
  }

  // How many letters have to be written, left out, changed or swapped to make one of the other; 3 where it is more than two.
  function apart(one, other) {
    if (Math.abs(one.length - other.length) > 2) return 3
    let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)]
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i]
      for (let j = 1; j <= other.length; j += 1) {
        const cost = one[i - 1] === other[j - 1] ? 0 : 1
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
      }
      [before, last] = [last, row]
    }
    return last[other.length]
  }

  // What a word of the question may be called on a page, and for how much that counts.
  function calledHere(word) {
    const { postings, same } = built
    const names = new Map()
    const add = (name, weight) => { if (postings.has(name) && weight > (names.get(name) ?? 0)) names.set(name, weight) }
    const known = postings.has(word) || same.has(word)
    add(word, 1)
    same.get(word)?.forEach((other) => add(other, CALLED))
    if (!known && word.length > 3) {
      const bound = word.length > 7 ? 2 : 1
      let nearest = bound
      for (const name of [...postings.keys(), ...same.keys()]) {
        if (name.startsWith(word)) add(name, BEGUN)
        if (name.length > 3 && name[0] === word[0]) nearest = Math.min(nearest, apart(word, name))
      }
      for (const name of [...postings.keys(), ...same.keys()]) {
        if (name[0] === word[0] && name.length > 3 && apart(word, name) <= nearest) {
          add(name, MISTYPED)
          same.get(name)?.forEach((other) => add(other, MISTYPED * CALLED))
        }
      }
    }
    return names
  }

  function asked(question) {
    let plain = DocsSearch.split(question).join(' ')
    for (const [two, one] of Object.entries(DocsSearch.ONE_WORD)) plain = plain.replaceAll(new RegExp(`\\b${two}\\b`, 'g'), one)
    const words = plain.split(' ').filter(Boolean)
    const telling = words.filter((word) => !DocsSearch.ASKING.has(word))
    return [...new Set(telling.length ? telling : words)].map((word) => {
      const names = calledHere(built.stem(word))
      if (DocsSearch.LIGHT.test(word)) names.forEach((weight, name) => names.set(name, weight * A_NUMBER))
      const worth = Math.max(0, ...[...names].map(([name, weight]) => weight * built.rarity(name)))
      return { names, worth }
    })
  }

  // For how much a word of the question counts among these words.
  const best = (names, words) => Math.max(0, ...words.map((word) => names.get(word) ?? 0))

  /** The sections that answer a question, best first: {page, anchor, headings, text, score}. */
  DocsSearch.rank = (question, stemWord) => {
    if (built === null) build(stemWord)
    const { postings, rarity } = built
    const terms = asked(question)
    const worth = terms.reduce((sum, term) => sum + term.worth, 0)
    const scores = new Map()
    for (const { names } of terms) {
      const here = new Map()
      for (const [name, weight] of names) {
        for (const [one, often] of postings.get(name)) {
          const score = weight * rarity(name) * (often / (2.5 + often))
          const [most, covers] = here.get(one) ?? [0, 0]
          here.set(one, [Math.max(most, score), Math.max(covers, weight)])
        }
      }
      for (const [one, [score, covers]] of here) {
        const held = scores.get(one) ?? { score: 0, covers: new Map() }
        held.score += score
        held.covers.set(names, covers)
        scores.set(one, held)
      }
    }
    const covered = (held) => terms.reduce((sum, term) => sum + (held.get(term.names) ?? 0) * term.worth, 0) / worth
    const ofPage = new Map()
    for (const [one, held] of scores) {
      const page = ofPage.get(one.page) ?? new Map()
      for (const [names, covers] of held.covers) page.set(names, Math.max(covers, page.get(names) ?? 0))
      ofPage.set(one.page, page)
    }
    // Whoever types a heading, or the name of a setting or its end, as in KEEP_BODIES, means just that.
    const plain = (text) => DocsSearch.split(text).filter((word) => word !== 'digestbot').join(' ')
    const [whole, setting] = [plain(question), /[A-Z]_[A-Z]/.test(question)]
    const named = ({ headings }) => plain(headings.at(-1)) === whole || (setting && ` ${plain(headings.at(-1))}`.endsWith(` ${whole}`))
    const found = [...scores].map(([one, held]) => {
      const text = one.fields[2]
      // How much of the question its heading says, or another way to ask for it, and how much of those words the question says.
      const alike = Math.max(...one.ways.map((way) => {
        const says = terms.reduce((sum, { names, worth: of }) => sum + best(names, way) * of, 0) / worth
        const telling = way.filter((word) => !built.asking.has(word))
        const said = telling.reduce((sum, word) => sum + Math.max(0, ...terms.map(({ names }) => names.get(word) ?? 0)), 0) / (telling.length || 1)
        return says * said + 0.5 * says
      }))
      let beside = 0
      for (let at = 1; at < terms.length; at += 1) {
        const [left, right] = [terms[at - 1], terms[at]]
        const next = (words) => words.some((word, place) => right.names.get(word) && Math.max(left.names.get(words[place - 1]) ?? 0, left.names.get(words[place - 2]) ?? 0))
        beside += (one.ways.some(next) ? 1 : next(text) ? 0.5 : 0) * Math.min(left.worth, right.worth)
      }
      const kind = DocsSearch.KINDS.find(([of]) => of.test(one.page))?.[1] ?? 1
      const full = covered(held.covers) ** 1.2 * 0.8 + covered(ofPage.get(one.page)) * 0.2
      const score = (held.score + 0.35 * beside) * full * (1 + alike) * kind + (named(one) ? A_NAME : 0)
      return { ...one, score }
    })
    found.sort((one, other) => other.score - one.score)
    // Not a page alone: each further section of one stands lower.
    const shown = new Map()
    for (const one of found) {
      const times = shown.get(one.page) ?? 0
      one.score *= 0.75 ** times
      shown.set(one.page, times + 1)
    }
    return found.sort((one, other) => other.score - one.score)
  }

  /** The part of a text that tells most of the question, word by word: [[word, whether it is one of those asked for]]. */
  DocsSearch.excerpt = (question, text, most = 34) => {
    const terms = asked(question)
    const words = text.split(' ').map((word) => [word, terms.filter(({ names }) => built.words(word).some((stem) => names.has(stem)))])
    let [from, told] = [0, -1]
    for (let at = 0; at === 0 || at + most <= words.length; at += 1) {
      const here = [...new Set(words.slice(at, at + most).flatMap(([, found]) => found))].reduce((sum, { worth }) => sum + worth, 0)
      if (here > told) [from, told] = [at, here]
    }
    const shown = words.slice(from, from + most).map(([word, found]) => [word, found.length > 0])
    return [...(from > 0 ? [['…', false]] : []), ...shown, ...(from + most < words.length ? [['…', false]] : [])]
  }
})()

if (typeof document !== 'undefined') {
  document.addEventListener('DOMContentLoaded', () => {
    if (typeof Search === 'undefined') return
    const stemmer = new Stemmer()
    const made = (tag, text, name = '') => Object.assign(document.createElement(tag), { textContent: text, className: name })
    Search.hasIndex = () => true // what Sphinx wrote is not asked
    Search.query = (question) => {
      const found = DocsSearch.rank(question, (word) => stemmer.stemWord(word))
      Search.stopPulse()
      Search.title.textContent = 'Search results'
      Search.status.setAttribute('role', 'status')
      Search.status.textContent = found.length ? `Found in ${found.length} sections, the likeliest first.` : 'Nothing matches these words.'
      for (const { page, anchor, headings, text } of found.slice(0, 30)) {
        const item = Search.output.appendChild(document.createElement('li'))
        const link = item.appendChild(made('a', headings.at(-1)))
        link.href = `${page}.html${anchor && '#'}${anchor}`
        if (headings.length > 1) item.appendChild(made('span', ` · ${headings.slice(0, -1).join(' › ')}`))
        const context = item.appendChild(made('p', '', 'context'))
        for (const [word, wanted] of DocsSearch.excerpt(question, text)) context.append(wanted ? made('strong', word) : word, ' ')
      }
    }
  })
}
