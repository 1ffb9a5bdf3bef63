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
  }
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
    for (const [file, score] of scores) scores.set(file, score * (covered.get(file) / all) / lengthOf(file) ** 0.3)
    const unwanted = new Set([...excludedTerms].flatMap((word) => [...found(terms, word).keys()]))
    return [...scores].filter(([file]) => !unwanted.has(file))
      .map(([file, score]) => [docnames[file], titles[file], '', null, score, filenames[file], 'text'])
  }
})
