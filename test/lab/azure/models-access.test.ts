import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { HOME } from '../../../lab/azure/worlds/world.ts'
import {
  accountId,
  EAST,
  hello,
  MODELS_AUDIENCE,
  type ModelsLab,
  openModels,
  openOneAccount,
  PROJECTS_AUDIENCE,
  privately,
  ROLE,
  V1,
} from './models-lab.ts'
import { openAzure } from './open.ts'

type Asked = Parameters<ModelsLab['call']>[2]
const chat = async (lab: ModelsLab, asked: Asked = {}) => {
  const { status, body } = await lab.call('POST', `${V1}/chat/completions`, { body: hello, ...asked })
  return [status, body.error?.code ?? 'ok', body.error?.message ?? '']
}

test('a private account is reached through its own private endpoint alone', async () => {
  const lab = await openOneAccount()
  const closed = [403, 'AccessDenied', 'Public access is disabled. Please configure private endpoint.']
  expect(await chat(lab, { arrival: privately() })).toEqual([200, 'ok', ''])
  expect(await chat(lab, { arrival: { by: 'internet' } })).toEqual(closed)
  expect(await chat(lab, { arrival: privately(accountId('contoso-ai-west')) })).toEqual(closed)
})

test('a public account is reached from outside, unless its firewall denies by default', async () => {
  const lab = await openOneAccount()
  lab.putAccount(EAST, { publicNetworkAccess: 'Enabled' })
  expect(await chat(lab, { arrival: { by: 'internet' } })).toEqual([200, 'ok', ''])
  lab.putAccount(EAST, { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny' } })
  expect((await chat(lab, { arrival: { by: 'internet' } }))[0]).toBe(403)
  expect(await chat(lab, { arrival: privately() })).toEqual([200, 'ok', ''])
})

test('a token opens an account when it is whole, of its audience and not yet expired', async () => {
  const lab = await openOneAccount()
  const token = await lab.tokenFor()
  const texts = [
    await chat(lab, { token }),
    await chat(lab, { token: await lab.tokenFor(`${MODELS_AUDIENCE}/`) }),
    await chat(lab, { token: null }),
    await chat(lab, { token: `${token.slice(0, -3)}xyz` }),
    await chat(lab, { token: await lab.tokenFor('https://management.azure.com') }),
    await chat(lab, { token: await lab.tokenFor(PROJECTS_AUDIENCE) }),
  ]
  expect(texts.map(([status]) => status)).toEqual([200, 200, 401, 401, 401, 401])
  expect(texts[2]).toEqual([
    401,
    '401',
    'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.',
  ])
  lab.advance(24 * 3600 + 1)
  expect((await chat(lab, { token }))[0]).toBe(401)
})

test('without a role the answer names the principal, the data action and the operation', async () => {
  const lab = await openOneAccount()
  const { probe, nobody } = HOME
  expect(await chat(lab, { token: await lab.tokenFor(MODELS_AUDIENCE, probe.principalId) })).toEqual([
    200,
    'ok',
    '',
  ])
  const denied = await chat(lab, { token: await lab.tokenFor(MODELS_AUDIENCE, nobody.principalId) })
  expect(denied).toEqual([
    403,
    'PermissionDenied',
    `The principal \`${nobody.principalId}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action\` to perform \`POST /openai/v1/chat/completions\` operation.`,
  ])
  const dated = `https://${EAST}.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`
  const { body } = await lab.call('POST', dated, {
    body: hello,
    token: await lab.tokenFor(MODELS_AUDIENCE, nobody.principalId),
  })
  expect(body.error.message).toContain('`POST /openai/deployments/{deployment-id}/chat/completions`')
})

test.each([
  ['Owner', ROLE.owner, 403],
  ['Contributor', ROLE.contributor, 403],
  ['Cognitive Services Contributor', '25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68', 403],
  ['Foundry Account Owner', 'e47c6f54-e4a2-4754-9501-8e0985b135e1', 403],
  ['Cognitive Services OpenAI Contributor', 'a001fd3d-188f-4b5d-821b-7da978bf7442', 200],
  ['Cognitive Services User', 'a97b65f3-24c7-4388-baec-2e87135dc908', 200],
  ['Foundry User', ROLE.foundryUser, 200],
])('%s on the account: %s answers %i', async (_name, role, status) => {
  const lab = await openModels()
  lab.putAccount()
  lab.putDeployment('gpt-4o')
  lab.assign(role)
  expect((await chat(lab))[0]).toBe(status)
})

test('a role above the account counts, one on another account does not', async () => {
  const lab = await openModels()
  lab.putAccount()
  lab.putAccount('contoso-ai-west', {}, 'westus')
  lab.putDeployment('gpt-4o')
  lab.assign(ROLE.openAiUser, accountId('contoso-ai-west'))
  expect((await chat(lab))[0]).toBe(403)
  lab.assign(ROLE.openAiUser, accountId().split('/providers/')[0])
  expect((await chat(lab))[0]).toBe(200)
})

test('a new role is felt minutes after it was assigned, and its end at once', async () => {
  const lab = await openModels({ temper: 'usual' })
  lab.putAccount()
  lab.advance(600)
  lab.putDeployment('gpt-4o')
  lab.advance(600)
  const { id } = lab.assign(ROLE.openAiUser)
  expect((await chat(lab))[0]).toBe(403)
  lab.advance(300)
  expect((await chat(lab))[0]).toBe(200)
  lab.arm('DELETE', id, undefined, '2022-04-01')
  expect((await chat(lab))[0]).toBe(403)
})

test('a key opens an account that allows local authentication, and none that does not', async () => {
  const lab = await openOneAccount()
  const withKey = (key: string) => chat(lab, { token: null, headers: { 'api-key': key } })
  expect(await withKey('any')).toEqual([
    403,
    'AuthenticationTypeDisabled',
    'Key based authentication is disabled for this resource.',
  ])
  expect(lab.arm('POST', `${accountId()}/listKeys`).status).toBe(400)
  lab.putAccount(EAST, { disableLocalAuth: false })
  const { key1, key2 } = lab.arm('POST', `${accountId()}/listKeys`).body
  expect(key1).not.toBe(key2)
  expect((await withKey(key1))[0]).toBe(200)
  expect((await withKey(key2))[0]).toBe(200)
  expect(await withKey('guess')).toEqual([
    401,
    '401',
    expect.stringMatching(/^Access denied due to invalid subscription key/),
  ])
})

test('the two canary identities get tokens by their client ids, as identities assigned to the same app', async () => {
  const lab = await openAzure()
  const { probe, nobody } = HOME
  for (const { clientId, principalId } of [lab.identity, probe, nobody]) {
    const query = new URLSearchParams({
      resource: MODELS_AUDIENCE,
      'api-version': '2019-08-01',
      client_id: clientId,
    })
    const answer = await fetch(`${lab.identity.endpoint}?${query}`, {
      headers: { 'X-IDENTITY-HEADER': lab.identity.header },
    })
    const { access_token, client_id } = (await answer.json()) as Record<string, string>
    expect(client_id).toBe(clientId)
    expect(decodeJwt(String(access_token))).toMatchObject({
      oid: principalId,
      appid: clientId,
      aud: MODELS_AUDIENCE,
    })
  }
})

test('a role definition tells the data actions that open models, and Contributor has none', async () => {
  const lab = await openModels()
  const dataActionsOf = (role: string) =>
    lab.arm('GET', `/providers/Microsoft.Authorization/roleDefinitions/${role}`, undefined, '2022-04-01').body
      .properties.permissions[0].dataActions
  expect(dataActionsOf(ROLE.openAiUser)).toContain('Microsoft.CognitiveServices/accounts/OpenAI/responses/*')
  expect(dataActionsOf(ROLE.contributor)).toEqual([])
})

test('a client id is no principal to give a role to', async () => {
  const lab = await openModels()
  lab.putAccount()
  expect(() => lab.assign(ROLE.openAiUser, accountId(), HOME.probe.clientId)).toThrow('PrincipalNotFound')
})
