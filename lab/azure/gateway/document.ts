import type { Element, Format } from '../providers/api-management/policy-tree.ts'
import { elementsOf } from '../providers/api-management/policy-tree.ts'
import type { Section } from '../providers/api-management/policy-vocabulary.ts'
import { parsePolicy } from '../providers/api-management/policy-xml.ts'
import type { Compiling, Scope } from './elements/element.ts'
import { compileElements } from './elements/index.ts'
import type { Step } from './running.ts'

/** A policy document, compiled: by section, a step around the step that `<base />` stands for. */
export type PolicyDocument = {
  sections: Record<Section, (base: Step) => Step>
  /** What in it is not played; running it answers 500. */
  unplayed: string[]
  /** Somebody reads the response's body, so it has to be there whole. */
  readsResponseBody: boolean
}

const SECTIONS: Section[] = ['inbound', 'backend', 'outbound', 'on-error']

export function compileDocument(text: string, format: Format, scope: Scope): PolicyDocument {
  const root = parsePolicy(text, format)
  const unplayed: string[] = []
  const sections = Object.fromEntries(
    SECTIONS.map((section) => {
      const element = elementsOf(root).find(({ name }) => name === section)
      return [
        section,
        compileSection(element, {
          scope,
          section,
          into: targetIn(section),
          unplayed,
          compile: compileElements,
        }),
      ]
    }),
  ) as Record<Section, (base: Step) => Step>
  return { sections, unplayed, readsResponseBody: /Response\s*\.\s*Body/.test(text) }
}

/** A missing section runs nothing, not even the wider scope's: as one without `<base />` (azure-facts 6.1). */
function compileSection(section: Element | undefined, compiling: Compiling): (base: Step) => Step {
  const children = section ? elementsOf(section) : []
  const at = children.findIndex(({ name }) => name === 'base')
  if (at < 0) {
    const only = compileElements(children, compiling)
    return () => only
  }
  const before = compileElements(children.slice(0, at), compiling)
  const after = compileElements(children.slice(at + 1), compiling)
  return (base) => join(before, base, after)
}

const join =
  (...steps: Step[]): Step =>
  async (run) => {
    for (const step of steps) if (!run.isEnded) await step(run)
  }

const targetIn = (section: Section): Compiling['into'] =>
  section === 'inbound' || section === 'backend' ? 'request' : 'response'
