// Reads one {template, data, partials} per line and answers each with a line {text} or {error}.
import { createInterface } from 'node:readline'
import { Liquid } from 'liquidjs'

// Dates without a zone are UTC to our engine.
process.env.TZ = 'UTC'

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { template, data, partials } = JSON.parse(line)
  let answer
  try {
    const engine = new Liquid({ templates: partials, strictFilters: true })
    answer = { text: engine.parseAndRenderSync(template, data) }
  } catch (error) {
    answer = { error: String(error.message) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
