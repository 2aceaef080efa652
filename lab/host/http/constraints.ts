// Route constraints as ASP.NET reads them. A constraint that is not met means: not this route.
type Constraint = (value: string) => boolean

const integer = /^\s*[+-]?\d+\s*$/
const guid = /^(?:[{(]?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}[)}]?|[0-9a-f]{32})$/i
const thousands = /^[+-]?[\d,]*\.?\d*$/

function between(low: bigint, high: bigint): Constraint {
  return (value) => {
    if (!integer.test(value)) return false
    const number = BigInt(value.trim().replace(/^\+/, ''))
    return number >= low && number <= high
  }
}

const [minInt, maxInt] = [-(2n ** 31n), 2n ** 31n - 1n]
const [minLong, maxLong] = [-(2n ** 63n), 2n ** 63n - 1n]
const double: Constraint = (value) => value.trim() !== '' && !Number.isNaN(Number(value.replaceAll(',', '')))

const constraints: Record<string, (args: string) => Constraint> = {
  int: () => between(minInt, maxInt),
  long: () => between(minLong, maxLong),
  bool: () => (value) => /^(true|false)$/i.test(value),
  decimal: () => (value) => thousands.test(value) && /\d/.test(value),
  double: () => double,
  float: () => double,
  guid: () => (value) => guid.test(value),
  datetime: () => (value) => !Number.isNaN(Date.parse(value)),
  alpha: () => (value) => /^[a-z]*$/i.test(value),
  required: () => (value) => value !== '',
  regex: (pattern) => {
    const expression = new RegExp(pattern, 'i')
    return (value) => expression.test(value)
  },
  minlength: (length) => (value) => value.length >= Number(length),
  maxlength: (length) => (value) => value.length <= Number(length),
  length: (args) => {
    const [low = 0, high = low] = args.split(',').map(Number)
    return (value) => value.length >= low && value.length <= high
  },
  min: (low) => between(BigInt(low), maxLong),
  max: (high) => between(minLong, BigInt(high)),
  range: (args) => {
    const [low = '0', high = '0'] = args.split(',')
    return between(BigInt(low.trim()), BigInt(high.trim()))
  },
}

export function constraint(name: string, args: string): Constraint {
  const make = constraints[name.toLowerCase()]
  if (!make) throw new Error(`there is no route constraint '${name}'`)
  return make(args)
}
