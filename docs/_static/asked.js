// Sphinx' search wants every word of a question on one page. This one ranks sections, each heading its own hit: by how rare the words on it
// are (BM25F), with words of headings first, then words next to each other; a word may be called otherwise here, or be mistyped.
const DocsSearch = {
  sections: [],

  ASKING: new Set(('a about all also am an and any are as at be been but by can could did do does doing done each for from get gets getting give go got had '
    + 'has have having he her here him his how i if in into is it its just let like make me much must my need needs of on only or other our ours out please '
    + 'possible set should so some something somehow than that the their them then there these they thing things this those to too up us use used using very want '
    + 'wants was way we were what when where whether which who whom whose why will with would you your digestbot able possible there').split(' ')),

  // What people call one thing, here and elsewhere; a word in two groups has two meanings. In stems as Snowball makes them: any form will do.
  SAME: `remove delete unsubscribe leave drop erase forget take
    stop pause suspend halt disable off holiday vacation absence interrupt
    mute hide ignore block exclude filter blacklist suppress ban silence skip leave without
    hour time schedule clock when
    early late time
    keep kept retention retain store save stored prune expire age
    old older past history archive earlier
    clean cleanup prune purge expire
    memory ram
    disk space room storage gigabyte megabyte size
    move migrate transfer relocate
    password login credential secret token authentication key
    login signin auth
    duplicate twice double again repeat repeated once same
    merge group combine cluster join dedupe
    keyword topic term query phrase word
    subject topic
    reader subscriber recipient member user audience colleague person people
    add new create additional another second append
    change edit modify adjust alter customise customize configure
    mail email message inbox
    newsletter list
    look design layout style css theme appearance font colour color template
    logo picture image photo
    short shorter brief small fewer less length
    long longer more bigger
    limit maximum most max cap bound number count how_many
    shown appear number
    rank order sort score priority prioritise prioritize weight prefer important
    pin top first
    error fail failure broken wrong problem bug crash
    dead broken stale silent inactive
    alert notify notification warn alarm told
    log logging debug trace verbose
    feed rss atom source subscription
    source outlet publisher site newspaper house
    page website web site url
    scrape selector page
    article story news item post
    headline title heading name
    rename name title
    summary quote sentence excerpt summarise abstract teaser
    ai llm gpt model openai chatgpt
    language translate translation english german french spanish italian portuguese dutch chinese japanese korean arabic
    timezone zone
    daily day weekday morning
    week weekly
    weekend saturday sunday workday working
    frequency often interval frequent hourly polling poll
    backup snapshot dump
    restore recover rollback
    upgrade update version release
    install setup set_up begin start
    uninstall remove
    container docker podman image
    kubernetes k8s cluster helm
    cron crontab scheduler timer
    service daemon systemd background serve
    machine server host computer laptop vps
    raspberry machine
    database sqlite postgres postgresql
    slow performance fast speed
    grow scale large many thousand
    proxy nginx apache caddy traefik https tls reverse
    certificate tls ssl
    port listen bind
    smtp mail server
    sender from address
    reply answer
    spam junk dmarc spf dkim deliverability
    bounce return undelivered undeliverable
    slack channel webhook
    telegram discord teams whatsapp signal matrix mattermost channel
    phone mobile push ntfy ios android
    gdpr privacy personal data
    track tracker tracking analytics open pixel
    monitor prometheus metric health healthcheck uptime
    permission scope access denied forbidden
    protect private restrict access public
    publish public web online
    try test preview check dry
    check validate verify mistake
    see show display list view print
    find search look
    write send post deliver
    resend again retry
    sent send delivered delivery
    told tell
    missing miss absent lost
    folder directory path location file
    configuration config setting option parameter env
    export csv download
    import opml load
    json api program script programmatically
    everyone all every
    custom own
    full whole entire complete
    paywall subscription login article
    approve review moderate sign_off
    note comment
    delay late wait
    several multiple two many
    combine several
    opinion editorial comment
    advert advertisement ad sponsored offer deal promotion
    youtube video podcast
    exclude without not no
    reset scratch anew start_over
    default usual`.split('\n').map((line) => line.trim().split(' ')),

  // Two words that are one elsewhere.
  ONE_WORD: { 'time zone': 'timezone', 'e mail': 'email', 'log in': 'login', 'sign in': 'signin', 'dry run': 'dry', 'user name': 'login', 'web hook': 'webhook' },

  // Whoever asks how to do something wants the page that says so, before the tables of every setting and the notes of those who build it.
  KINDS: [[/^howto\/(?!index)/, 1.25], [/^(tutorials|channels|running|operate|start|topics|lists|site|install)(\/(?!index)|$)/, 1.1], [/^reference\/settings/, 0.9], [/^(reference|develop)\//, 0.7],
    [/^(design|changelog|config-example|python|write-a-channel|compare|glossary)$/, 0.55], [/(^|\/)index$/, 0.5]],

  split: (text) => text.toLowerCase().normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? [],
}

;(() => {
  const FIELDS = [[3, 0.4], [1.2, 0.4], [1, 0.6], [2, 0.2]] // the heading, those above it, the text, how else it is asked: weight, and how much length counts
  const CALLED = 0.55 // a word called otherwise
  const MISTYPED = 0.7
  const BEGUN = 0.6 // the beginning of a longer word
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
      const one = { page, anchor, headings, text, ways, fields }
      return one
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
    const rarity = (word) => Math.log(1 + sections.length / (1 + postings.get(word).size))
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
    const stems = [...new Set((telling.length ? telling : words).map(built.stem))]
    return stems.map((stem) => {
      const names = calledHere(stem)
      const worth = Math.max(0, ...[...names].map(([name, weight]) => weight * built.rarity(name)))
      return { stem, names, worth }
    })
  }

  // For how much the words of a question count among these words, and which of them tell so.
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
          const score = weight * rarity(name) * (often / (1.2 + often))
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
      const score = (held.score + 0.35 * beside) * full * (1 + alike) * kind
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
