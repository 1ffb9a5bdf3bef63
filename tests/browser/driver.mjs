// Drives a real Chromium for walk.py: a command a line as JSON on standard input, an answer a line on standard output.
// Pages run without scripts of their own; what is asked here is asked from outside.
import readline from 'node:readline'
import puppeteer from 'puppeteer-core'

const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  protocolTimeout: 60_000,
  args: ['--no-sandbox', '--disable-gpu', '--disable-extensions', '--mute-audio', '--hide-scrollbars'],
})
const page = await browser.newPage()
await page.setJavaScriptEnabled(false)
await page.setCacheEnabled(false)
// axe-core needs timers, which stand still where scripts may not run: it looks at a copy, in a page beside it.
const copy = await browser.newPage()
let shown = ''
await copy.setRequestInterception(true)
copy.on('request', (request) => {
  if (request.isNavigationRequest()) request.respond({ status: 200, contentType: 'text/html; charset=utf-8', body: shown })
  else request.continue()
})
const requests = []
page.on('request', (request) => requests.push(request.url()))

const commands = {
  look: async ({ width, dark }) => {
    for (const one of [page, copy]) {
      await one.setViewport({ width, height: 900 })
      await one.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }])
    }
  },
  open: async ({ url }) => (await page.goto(url, { waitUntil: 'load' })).status(),
  fill: async ({ selector, text }) => {
    await page.$eval(selector, (field) => { field.value = '' })
    await page.type(selector, text)
  },
  tick: async ({ selector }) => page.click(selector),
  choose: async ({ selector, value }) => { await page.select(selector, value) },
  press: async ({ selector }) => {
    const [answer] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)])
    return answer.status()
  },
  scripts: async ({ on }) => page.setJavaScriptEnabled(on),
  appears: async ({ selector }) => { await page.waitForSelector(selector, { timeout: 20_000 }) },
  text: async () => page.$eval('main', (main) => main.innerText),
  html: async () => page.content(),
  overflow: async () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  axe: async ({ source }) => {
    shown = await page.content()
    await copy.goto(new URL('/a-copy', page.url()).href, { waitUntil: 'load' })
    await copy.evaluate(source)
    const found = await copy.evaluate(() => axe.run(document, { resultTypes: ['violations'] }))
    return found.violations.map((one) => `${one.id}: ${one.help}, at ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join('; ')}`)
  },
  picture: async ({ path, most }) => {
    await page.bringToFront() // a page behind another one is not drawn
    const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), most ?? Infinity)
    await page.screenshot({ path, clip: { x: 0, y: 0, width: page.viewport().width, height }, captureBeyondViewport: true })
  },
  requests: async () => requests.splice(0),
  cookies: async () => (await page.cookies()).length,
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { what, ...given } = JSON.parse(line)
  let answer
  try {
    answer = { ok: await commands[what](given) ?? null }
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
await browser.close()
