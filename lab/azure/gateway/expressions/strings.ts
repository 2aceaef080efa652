import { Thrown, text, typeOf, type Value } from './values.ts'

/** The members of a C# string; ordinal and with regard to case, as they are without a StringComparison. */

export const stringMembers: Record<string, (self: string) => Value> = { Length: (self) => self.length }

const word = (value: Value | undefined): string => {
  if (typeof value === 'string') return value
  throw new Thrown(
    value == null ? 'Value cannot be null.' : `Argument: cannot convert from '${typeOf(value)}' to 'string'.`,
  )
}

const place = (value: Value | undefined, self: string): number => {
  if (typeof value !== 'number')
    throw new Thrown(`Argument: cannot convert from '${typeOf(value ?? null)}' to 'int'.`)
  if (value < 0 || value > self.length)
    throw new Thrown('Index and length must refer to a location within the string.')
  return value
}

export const stringMethods: Record<string, (self: string, args: Value[]) => Value> = {
  StartsWith: (self, [other]) => self.startsWith(word(other)),
  EndsWith: (self, [other]) => self.endsWith(word(other)),
  Contains: (self, [other]) => self.includes(word(other)),
  IndexOf: (self, [other]) => self.indexOf(word(other)),
  LastIndexOf: (self, [other]) => self.lastIndexOf(word(other)),
  ToLower: (self) => self.toLowerCase(),
  ToUpper: (self) => self.toUpperCase(),
  ToLowerInvariant: (self) => self.toLowerCase(),
  ToUpperInvariant: (self) => self.toUpperCase(),
  Trim: (self) => self.trim(),
  Replace: (self, [from, to = '']) => self.replaceAll(word(from), text(to)),
  Split: (self, [by]) => ({ is: 'strings', values: self.split(word(by)) }),
  Substring: (self, [start, length]) => {
    const begin = place(start, self)
    return length === undefined ? self.slice(begin) : self.slice(begin, place(begin + Number(length), self))
  },
}
