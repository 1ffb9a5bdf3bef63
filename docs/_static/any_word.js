// Sphinx's search wants every word of a question on a page, so a question as people type it finds nothing. Here one word is enough: pages are
// ranked by how rare the words on them are, words of headings count more, and long pages, which hold every word, count less.
document.addEventListener('DOMContentLoaded', () => {
  if (typeof Search === 'undefined') return
  // A browser does not let a page that is read as a file look into others: the results have titles, and no excerpts.
  if (location.protocol === 'file:') DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false
  const ASKING = new Set(('how what why when where which who whom whose do does did done can could should would may might must i my me we our us you '
    + 'your am im has have had get gets got want wants need way there here from about out up so than too very just only one all any some').split(' '))
  // What people call it elsewhere, and what it is called here; looked for as well, at half its weight.
  const ALSO = {
    llm: 'model', gpt: 'model', ai: 'model', merge: 'group', combine: 'group', cluster: 'group', duplicate: 'once', dedupe: 'once', css: 'look template', theme: 'look template',
    style: 'look template', logo: 'template', crontab: 'cron', docker: 'container', kubernetes: 'container', k8s: 'container', smtp: 'mail', mail: 'email', email: 'mail', newsletter: 'list',
    block: 'mute', hide: 'mute', ban: 'mute', filter: 'mute topic', keyword: 'topic', blacklist: 'mute', holiday: 'weekend', spam: 'junk', crash: 'killed', duplicated: 'twice', sort: 'rank',
    order: 'rank', reader: 'subscriber', user: 'reader', bug: 'error', fail: 'error', broken: 'error', schedule: 'time', clock: 'time', interval: 'often', postgresql: 'postgres', postgres: 'postgresql',
    webhook: 'slack', phone: 'ntfy', push: 'ntfy', telegram: 'channel', discord: 'channel', teams: 'channel', gdpr: 'forget', delete: 'forget remove', paywall: 'login article', logging: 'log',
    vacation: 'holiday weekend pause', absence: 'holiday pause', rss: 'atom feed', notify: 'alert', notification: 'alert', message: 'alert', die: 'fail broken', dead: 'fail broken', down: 'fail',
    ram: 'memory', memory: 'ram', rotate: 'change', replace: 'change', renew: 'change', track: 'tracker', picture: 'image', image: 'picture', photo: 'image picture', translate: 'language',
    nginx: 'proxy', apache: 'proxy', caddy: 'proxy', traefik: 'proxy', port: 'listen', upgrade: 'update version', update: 'upgrade', gmail: 'smtp', outlook: 'smtp', password: 'login secret', store: 'keep',
    font: 'look template', colour: 'look template', color: 'look template', subject: 'template', opt: 'confirm', limit: 'most rate', size: 'shorter', junk: 'spam', pi: 'machine', laptop: 'machine', raspberry: 'machine', publisher: 'house outlet', newspaper: 'house outlet', forbidden: 'denied', refused: 'denied',
    two: 'several', twice: 'several', multiple: 'several', outgoing: 'fetch network', bigger: 'look', smaller: 'look', keep: 'kept prune', retention: 'kept prune', disk: 'damaged',
  }
  for (const language of 'english german french spanish italian portuguese dutch chinese japanese korean arabic hebrew russian'.split(' ')) ALSO[language] = 'language'
  // Whoever asks how to do something wants the page that says so, before the tables of every setting and the notes of those who build it.
  const KINDS = [[/^howto\/(?!index)/, 1.3], [/^(tutorials|channels|running|operate)\/(?!index)/, 1.1], [/^(reference|develop)\//, 0.75], [/^(design|changelog|config-example|python|write-a-channel)$/, 0.65], [/(^|\/)index$/, 0.7]]
  const kindOf = (name) => KINDS.find(([pages]) => pages.test(name))?.[1] ?? 1
  const list = (files) => (files === undefined ? [] : files.length === undefined ? [files] : files)
  const found = (index, word) => {
    if (Object.hasOwn(index, word)) return new Map(list(index[word]).map((file) => [file, 1]))
    const near = new Map()
    if (word.length > 3) {
      for (const [term, files] of Object.entries(index)) {
        if (term.startsWith(word)) list(files).forEach((file) => near.set(file, 0.5))
      }
    }
    return near
  }
  let lengths = null
  const lengthOf = (file) => {
    if (lengths === null) {
      lengths = new Array(Search._index.docnames.length).fill(0)
      for (const files of Object.values(Search._index.terms)) list(files).forEach((one) => { lengths[one] += 1 })
      lengths.mean = lengths.reduce((sum, one) => sum + one, 0) / lengths.length
    }
    return 0.4 + 0.6 * (lengths[file] / lengths.mean)
  }
  Search.performTermsSearch = (searchTerms, excludedTerms) => {
    const { terms, titleterms, docnames, titles, filenames } = Search._index
    const words = [...searchTerms]
    const telling = words.filter((word) => !ASKING.has(word))
    const scores = new Map()
    const covered = new Map()
    let all = 0
    const stemmer = new Stemmer()
    const also = new Map(Object.entries(ALSO).map(([word, others]) => [stemmer.stemWord(word), others.split(' ').map((one) => stemmer.stemWord(one))]))
    const both = (index, word) => {
      const pages = found(index, word)
      for (const other of also.get(word) ?? []) {
        for (const [file, weight] of found(index, other)) if (!pages.has(file)) pages.set(file, weight / 2)
      }
      return pages
    }
    for (const word of telling.length ? telling : words) {
      const inText = both(terms, word)
      const inTitle = both(titleterms, word)
      const pages = new Set([...inText.keys(), ...inTitle.keys()])
      const rarity = Math.log(1 + docnames.length / (1 + pages.size))
      if (pages.size) all += rarity
      for (const file of pages) {
        const title = titles[file].toLowerCase().includes(word.slice(0, 5)) ? 1.5 : 0
        const weight = Math.min((inText.get(file) ?? 0) + 1.5 * (inTitle.get(file) ?? 0) + title, 3)
        scores.set(file, (scores.get(file) ?? 0) + rarity * weight)
        covered.set(file, (covered.get(file) ?? 0) + rarity)
      }
    }
    // A page that holds every word answers the question sooner than one that has a word in its title.
    for (const [file, score] of scores) scores.set(file, score * (covered.get(file) / all) * kindOf(docnames[file]) / lengthOf(file) ** 0.3)
    const unwanted = new Set([...excludedTerms].flatMap((word) => [...found(terms, word).keys()]))
    return [...scores].filter(([file]) => !unwanted.has(file))
      .map(([file, score]) => [docnames[file], titles[file], '', null, score, filenames[file], 'text'])
  }
})
