import type { Layer, Verdict } from './probe.ts'

/**
 * Every reason a verdict can have, and what it says. Closed: an explanation (`diagnose`) may rely on having met them all. docs/probes.md shows
 * this table.
 */
export const reasons = {
  // It is as it must be.
  Works: 'it did what it must',
  TurnedAway: 'it was refused, as it must be, by the layer that must refuse it',
  Unreachable: 'nothing was reached, as it must be',
  AsDescribed: 'the control plane shows what the document says',

  // dns
  NameNotFound: 'the name has no address here',
  ResolverFailed: 'the DNS servers did not answer, or answered with a failure',
  PublicAddress: 'the name leads to a public address; nothing was sent there',
  WrongAddress:
    'the name leads to a private address outside the range it must lie in; nothing was sent there',
  NotThroughPrivateLink: 'the name is not an alias of the private link’s name',
  RecordMissing: 'the private zone has no such record',
  ResolverDisagrees: 'the resolver answers something else than the zone’s record says',

  // tcp
  Refused: 'the address is there and refuses the connection',
  TimedOut: 'no answer in time; `why` names the phase it hung in',
  NoRoute: 'the network has no way to the address',
  Reset: 'the connection was cut',
  ConnectionFailed: 'the connection failed for another reason, which `why` quotes',

  // tls
  CertificateExpired: 'the certificate is out of date',
  CertificateNotYetValid: 'the certificate is for later',
  CertificateExpiresSoon: 'the certificate has fewer days left than it must',
  CertificateNameMismatch: 'the certificate is for another name',
  CertificateUntrusted: 'the certificate’s chain ends in nobody this machine trusts',
  TlsFailed: 'the handshake failed',

  // token
  NoToken: 'the identity endpoint gave no token',
  IdentityMissing: 'the app does not have this identity',
  AudienceUnknown: 'the tenant does not know the audience',
  TokenForAnother: 'the token is for another audience than was asked for, or out of date',

  // answers
  Unauthorized: 'the token (or its absence) was refused: nobody was recognised',
  Forbidden: 'the caller was recognised and refused, for no reason the answer names',
  MissingRole: 'a role is missing; `why` says which, and where',
  ArrivedPublicly: 'the service says that the call did not come by its private endpoint',
  KeysDisabled: 'keys are off, as they must be',
  OperationNotFound: 'the gateway has no such operation',
  DeploymentNotFound: 'the account has no such model deployment',
  NotFound: 'there is no such thing',
  BadRequest: 'the call was refused for its form, which says nothing of roles and little of the model',
  NotReady: 'the service says that it cannot do this yet',
  Throttled: 'limits; a failure only where there is no quota at all or none for an hour or more',
  NoCapacity: 'the gateway found no member of the pool that could answer',
  ServerError: 'a failure on the other side (5xx)',
  NotImplemented: 'the other side does not do this at all (501), which says nothing of roles',
  RedirectedElsewhere: 'the answer sends the caller elsewhere; it was not followed',
  WrongAnswer: 'an answer of success with something else in it',
  TooLong: 'the answer is longer than is read, so that it cannot be judged',
  StreamBroken: 'the stream ended before its end',
  Slow: 'it worked, later than it must',
  Reached: 'what must not work did',
  OtherLayer: 'it was refused by another layer than the one to be proven',
  LeftBehind: 'it worked, but could not be cleaned up',

  // promises of the policy
  PromiseBroken: 'the gateway does not do what its policy promises; `why` says which promise',

  // control plane and counts
  Drifted: 'the resource is not as described',
  Missing: 'the resource is not there',
  ProvisioningFailed: 'Azure gave up on the resource',
  Settling: 'Azure is working on the resource',
  Unreadable: 'the control plane did not answer, or refused to',
  TooFewCalls: 'too few calls to tell',
  TrafficMoved: 'members were throttled or failing, so that breakers moved traffic: the shares say nothing',
  SharesOff: 'the members’ shares of the traffic are not those of their weights',
  NoEvents: 'the gateway had calls to tell of, and no event came',

  // the prober itself
  Cancelled: 'the round ended before the answer',
  ProberBroken: 'the prober failed, not the target',
} as const satisfies Record<string, string>

export type Reason = keyof typeof reasons

/** A verdict of a module. */
export type Judged = Verdict

/** What a module makes of an answer, before the evidence is put to it. */
export type Judgement = Pick<Verdict, 'result' | 'why'> & { reason: Reason; stoppedIn?: Layer }
