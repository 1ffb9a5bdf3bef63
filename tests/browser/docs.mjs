// Looks at the built docs in a real Chromium for docs_site.py. Given as a file of JSON: the browser, the site's address, pages,
// looks, questions, axe-core's source, a folder for pictures. Answers one line of JSON.
import fs from 'node:fs'
import puppeteer from 'puppeteer-core'

const given = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))
const browser = await puppeteer.launch({
  executablePath: given.browser,
  protocolTimeout: 60_000,
  args: ['--no-sandbox', '--disable-gpu', '--disable-extensions', '--mute-audio', '--hide-scrollbars'],
})
const page = await browser.newPage()
const asked = []
page.on('request', (request) => asked.push(request.url()))
const found = { looked: 0, axe: [], wide: [], errors: [], answers: {} }
page.on('pageerror', (error) => found.errors.push(String(error)))

for (const look of given.looks) {
  await page.setViewport({ width: look.width, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: look.dark ? 'dark' : 'light' }, { name: 'prefers-reduced-motion', value: 'reduce' }])
  const name = `${look.width}-${look.dark ? 'dark' : 'light'}`
  for (const path of given.pages) {
    await page.goto(new URL(path, given.site).href, { waitUntil: 'load' })
    found.looked += 1
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (over > 0) found.wide.push(`${path} ${name}: ${over} px wider than its window`)
    if (given.axe) {
      await page.evaluate(given.axe)
      const result = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }))
      for (const one of result.violations) {
        found.axe.push(`${path} ${name}: ${one.id}: ${one.help}, at ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join('; ')}`)
      }
    }
    await page.screenshot({ path: `${given.pictures}/${path.replaceAll('/', '-').replace('.html', '')}-${name}.png` })
  }
}
await page.setViewport({ width: 1400, height: 900 })
await page.goto(new URL('search.html?q=digest', given.site).href, { waitUntil: 'load' })
await page.waitForSelector('#search-results ul.search > li', { timeout: 20_000 })
for (const question of given.questions) {
  // As if it had been typed: what the page does with a question, without loading it anew.
  await page.evaluate((asked) => {
    document.getElementById('search-results').replaceChildren()
    Search.performSearch(asked)
  }, question)
  found.answers[question] = await page.$$eval('#search-results ul.search > li > a', (links) => links.slice(0, 12).map((link) => link.getAttribute('href')))
}
await page.screenshot({ path: `${given.pictures}/search-1400.png` })
found.foreign = [...new Set(asked.filter((url) => !url.startsWith(given.site) && !url.startsWith('data:')))]
found.requests = asked.length
await browser.close()
process.stdout.write(JSON.stringify(found) + '\n')
