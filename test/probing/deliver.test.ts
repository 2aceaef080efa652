import { expect, test } from 'vitest'
import { probe, world } from './fakes.ts'

const dns = probe('dns')

/** A webhook that answers as it is told to, and what it was sent. */
function hook(answers: (boolean | Error)[]) {
  const sent: { alert: string; incident: string }[] = []
  return {
    sent,
    async post(body: string) {
      sent.push(JSON.parse(body))
      const answer = answers.shift() ?? true
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

test('a webhook hears of the beginning and of the end, once each', async () => {
  const { sent, post } = hook([])
  const here = world([dns], { hook: post })
  await here.begin()
  await here.minutes(3)
  here.answers('dns', 'fail')
  await here.minutes(4)
  here.answers('dns', 'pass')
  await here.minutes(4)
  expect(sent.map(({ alert }) => alert)).toEqual(['fired', 'resolved'])
  expect(new Set(sent.map(({ incident }) => incident)).size).toBe(1)
  expect(here.told()).toEqual(['fired dns TimedOut', 'resolved dns TimedOut'])
})

test('one that says no is asked again, with longer pauses, and the end waits for the beginning', async () => {
  const { sent, post } = hook([
    new Error('connect ECONNREFUSED'),
    false,
    new Error('the webhook answered 503'),
  ])
  const here = world([dns], { hook: post })
  await here.begin()
  await here.minutes(3)
  here.answers('dns', 'fail')
  await here.minutes(2)
  expect((await here.incidents())[0]?.notices).toMatchObject([
    { is: 'fired', logged: true, attempts: 1, trouble: 'connect ECONNREFUSED' },
  ])
  here.answers('dns', 'pass')
  await here.minutes(3)
  expect(sent.map(({ alert }) => alert)).toEqual(['fired', 'fired', 'fired'])
  expect(here.told(), 'the log does not wait').toEqual(['fired dns TimedOut', 'resolved dns TimedOut'])
  await here.minutes(10)
  expect(sent.map(({ alert }) => alert)).toEqual(['fired', 'fired', 'fired', 'fired', 'resolved'])
  expect((await here.incidents())[0]?.notices).toMatchObject([{ attempts: 4 }, { attempts: 1 }])
  await here.minutes(5)
  expect(sent).toHaveLength(5)
})
