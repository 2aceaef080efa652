import { NotSimulated, PolicyError } from '../problems.ts'
import type { Running } from '../running.ts'
import { indexOf, memberOf, methodOf } from './lookup.ts'
import { binary, negative } from './operators.ts'
import { parseExpression, type Tree } from './parse.ts'
import { constructed, isStatic, staticMember, staticMethod } from './statics.ts'
import { cast, nullReference, real, Thrown, type Value } from './values.ts'

/** What a policy attribute or text gives for one call. */
export type Expression = (run: Running) => Value

type Compiled = {
  run: Expression
  /** Of static type `object`: unboxed, never converted. */
  boxed?: boolean
}

/**
 * A policy expression, `@(…)`, as a closure.
 * @throws NotSimulated for a name or a form that is not played; members are looked up when they are met
 */
export function compileExpression(source: string): Expression {
  if (source.startsWith('@{')) throw new NotSimulated('a statement block, @{…}')
  const { run } = compiled(parseExpression(source.slice(2, -1)))
  return (of) => {
    try {
      return run(of)
    } catch (error) {
      if (!(error instanceof Thrown)) throw error
      throw new PolicyError(
        'ExpressionValueEvaluationFailure',
        `Expression evaluation failed. ${error.message}`,
      )
    }
  }
}

function compiled(tree: Tree): Compiled {
  switch (tree.node) {
    case 'literal': {
      const { value } = tree
      return { run: () => value }
    }
    case 'double': {
      const value = real(tree.value)
      return { run: () => value }
    }
    case 'name': {
      if (tree.name !== 'context') throw new NotSimulated(`'${tree.name}' in an expression`)
      return { run: (run) => ({ is: 'context', run }) }
    }
    case 'new': {
      const make = constructed(tree.type)
      const args = tree.args.map((arg) => compiled(arg).run)
      return { run: (run) => make(args.map((arg) => arg(run))) }
    }
    case 'member':
      return member(tree)
    case 'call':
      return call(tree)
    case 'index': {
      const of = compiled(tree.of).run
      const at = compiled(tree.at).run
      const isVariable = tree.of.node === 'member' && tree.of.name === 'Variables'
      return { run: (run) => indexOf(present(of(run)), at(run)), boxed: isVariable }
    }
    case 'cast': {
      const { run: of, boxed = false } = compiled(tree.of)
      const { type } = tree
      return { run: (run) => cast(of(run), type, boxed), boxed: type === 'object' }
    }
    case 'unary': {
      const of = compiled(tree.of).run
      return { run: tree.operator === '!' ? (run) => !bool(of(run)) : (run) => negative(of(run)) }
    }
    case 'binary':
      return { run: binaryOf(tree) }
    case 'choice': {
      const [condition, then, otherwise] = [tree.condition, tree.then, tree.otherwise].map(
        (it) => compiled(it).run,
      )
      if (!condition || !then || !otherwise) throw new NotSimulated('an empty choice')
      return { run: (run) => (bool(condition(run)) ? then(run) : otherwise(run)) }
    }
  }
}

function member({ of: owner, name, nullSafe }: Extract<Tree, { node: 'member' }>): Compiled {
  if (owner.node === 'name' && isStatic(owner.name)) {
    const value = staticMember(owner.name, name)
    return { run: () => value }
  }
  const of = compiled(owner).run
  return {
    run: (run) => {
      const value = of(run)
      return value === null && nullSafe ? null : memberOf(present(value), name)
    },
  }
}

function call({
  of: owner,
  name,
  args: given,
  generic,
  nullSafe,
}: Extract<Tree, { node: 'call' }>): Compiled {
  const args = given.map((arg) => compiled(arg).run)
  if (owner.node === 'name' && isStatic(owner.name)) {
    const method = staticMethod(owner.name, name)
    return { run: (run) => method(args.map((arg) => arg(run))) }
  }
  const of = compiled(owner).run
  const isVariable = owner.node === 'member' && owner.name === 'Variables' && !generic
  return {
    run: (run) => {
      const value = of(run)
      if (value === null && nullSafe) return null
      return methodOf(present(value), name)(
        args.map((arg) => arg(run)),
        generic,
      )
    },
    boxed: isVariable,
  }
}

function binaryOf({ operator, left: one, right: other }: Extract<Tree, { node: 'binary' }>): Expression {
  const left = compiled(one).run
  const right = compiled(other).run
  if (operator === '&&') return (run) => bool(left(run)) && bool(right(run))
  if (operator === '||') return (run) => bool(left(run)) || bool(right(run))
  if (operator === '??') return (run) => left(run) ?? right(run)
  const apply = binary(operator)
  return (run) => apply(left(run), right(run))
}

const present = (value: Value): NonNullable<Value> => {
  if (value === null) throw nullReference()
  return value
}

function bool(value: Value): boolean {
  const plainly = cast(value, 'bool', false)
  return plainly === true
}
