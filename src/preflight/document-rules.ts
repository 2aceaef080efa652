import { type Check, inDocument } from './check.ts'
import { listText } from './words.ts'

/** What a valid document may still mean that its author did not. */

const mostTags = 50

export const documentRules: Check[] = [
  {
    code: 'DOC-001',
    title: 'the document lets the service write',
    why: 'With mode observe everything is watched and planned, and nothing is made or repaired.',
    remedy: 'leave it for the first week; then set mode to repair or full',
    severity: 'WARN',
    run: ({ document }) =>
      document.mode === 'observe' ? [inDocument('mode', 'is observe: nothing will be written')] : [],
  },
  {
    code: 'DOC-002',
    title: 'the document lets the service make what is missing',
    why: 'With mode repair only what is there is put right; an environment that is not there yet stays so.',
    remedy: 'set mode to full until everything is there',
    severity: 'WARN',
    run: ({ document }) =>
      document.mode === 'repair' ? [inDocument('mode', 'is repair: what is missing will not be made')] : [],
  },
  {
    code: 'DOC-003',
    title: 'the tags fit on every resource',
    why: 'Azure takes 50 tags per resource, the ones of others included, and refuses every write beyond.',
    remedy: 'keep to a handful of tags',
    severity: 'FAIL',
    run: ({ document }) => {
      const count = Object.keys(document.tags).length
      return count > mostTags ? [inDocument('tags', `has ${count} tags, Azure takes ${mostTags}`)] : []
    },
  },
  {
    code: 'DOC-004',
    title: 'no two tags differ in case only',
    why: 'Azure takes tag names without regard to case: one of the two is lost, and drifts for ever.',
    remedy: 'keep one spelling of the tag',
    severity: 'FAIL',
    run: ({ document }) =>
      [...Map.groupBy(Object.keys(document.tags), (name) => name.toLowerCase()).values()]
        .filter((spellings) => spellings.length > 1)
        .map((spellings) => inDocument('tags', `${listText(spellings)} are one tag to Azure`)),
  },
  {
    code: 'DOC-005',
    title: 'automatic repair has a budget to work with',
    why: 'A class of drift that is repaired automatically with a budget of 0 per hour is never repaired.',
    remedy: 'raise repair.budgetPerHour, or empty repair.auto',
    severity: 'WARN',
    run: ({ document: { repair } }) =>
      repair.auto.length > 0 && repair.budgetPerHour === 0
        ? [inDocument('repair.budgetPerHour', `is 0 while ${listText(repair.auto)} is to be automatic`)]
        : [],
  },
]
