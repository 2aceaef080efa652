import { z } from 'zod'

/** ISO 8601, as .NET reads a TimeSpan: weeks, or days and smaller. */
const DURATION = /^P(?!$)(\d+W|(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)$/
const Duration = z.string().regex(DURATION, 'Must be an ISO 8601 duration, such as PT10S.')

const Status = z
  .int('Must be an integer.')
  .min(200, 'Status codes lie between 200 and 599.')
  .max(599, 'Status codes lie between 200 and 599.')

const StatusRange = z
  .looseObject({ min: Status, max: Status })
  .refine(({ min, max }) => min <= max, { path: ['min'], error: 'min must not be above max.' })

const FailureCondition = z
  .looseObject({
    count: z.int().min(1).max(10_000).nullish(),
    percentage: z.int().min(1).max(100).nullish(),
    interval: Duration,
    statusCodeRanges: z.array(StatusRange).max(10).nullish(),
    errorReasons: z.array(z.string().max(200)).max(10).nullish(),
  })
  .refine(({ count, percentage }) => (count == null) !== (percentage == null), {
    path: ['count'],
    error: 'Exactly one of count and percentage is required.',
  })
  .refine(({ statusCodeRanges, errorReasons }) => statusCodeRanges?.length || errorReasons?.length, {
    path: ['statusCodeRanges'],
    error: 'At least one status code range or error reason is required.',
  })

export const CircuitBreaker = z.looseObject({
  rules: z
    .array(
      z.looseObject({
        name: z
          .string()
          .regex(/^[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?$/i, 'Letters, digits and inner hyphens, at most 80.'),
        failureCondition: FailureCondition,
        tripDuration: Duration,
        acceptRetryAfter: z.boolean().nullish(),
      }),
    )
    .max(1, 'A backend has at most one circuit breaker rule.'),
})
