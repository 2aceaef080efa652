import type { BadDocument } from './document.ts'
import { names } from './names.ts'
import { network } from './network.ts'
import { platform } from './platform.ts'
import { ranges } from './ranges.ts'
import { shapes } from './shapes.ts'
import { text } from './text.ts'

/** Documents that must be refused, each with the paths of its faults. */
export const badDocuments: BadDocument[] = [...text, ...shapes, ...names, ...ranges, ...network, ...platform]
