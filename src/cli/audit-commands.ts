import type { Verification } from '../access/audit-log.js'
import { assertNever } from '../errors.js'
import type { Command, Printed } from './command.js'

export const AUDIT_COMMANDS: Readonly<Record<string, Command>> = {
  'audit verify': {
    usage: 'audit verify',
    about: 'check that no entry of the audit log was changed or taken out since it was written',
    run: async ({ foundation, firstBusinessId }) =>
      verificationPrinted(await foundation.access.audit.verify(firstBusinessId)),
  },
}

const verificationPrinted = (verification: Verification): Printed => {
  switch (verification.kind) {
    case 'whole': {
      const { entries, hash } = verification
      return { rows: [{ state: 'whole', entries, last_hash: hash }], empty: '' }
    }
    case 'broken': {
      const { seq, why } = verification
      return { rows: [{ state: 'broken', first_broken_entry: seq, why }], failed: true, empty: '' }
    }
    default:
      return assertNever(verification)
  }
}
