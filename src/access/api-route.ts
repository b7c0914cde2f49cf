import type { Request, Response } from 'express'
import type { Caller } from './authentication.js'
import type { Role } from './role.js'

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Whose keys a route answers. */
export interface Permission {
  readonly roles: readonly [Role, ...Role[]]
  /** Whether a key that only reads may call it; without a word it may, if the method is GET. */
  readonly readOnly?: boolean
}

/**
 * A route of the REST API. What it answers to whom is part of it: one that does not say who may call it does not compile, and
 * `apiRouter` serves nothing else.
 */
export interface ApiRoute {
  readonly method: ApiMethod
  /** Below `/api/v1`, as Express writes it: `/cards/:id`. */
  readonly path: string
  readonly may: Permission
  /** Answers a caller who may. What it throws or rejects with is answered as a problem. */
  answer(req: Request, res: Response, caller: Caller): Promise<void>
}

export type Denial = 'role' | 'read_only'

/** Why a caller may not; null if they may. */
export const denialOf = (
  { method, may }: Pick<ApiRoute, 'method' | 'may'>,
  { role, isReadOnly }: Pick<Caller, 'role' | 'isReadOnly'>,
): Denial | null => {
  if (!may.roles.includes(role)) return 'role'
  return isReadOnly && !(may.readOnly ?? method === 'GET') ? 'read_only' : null
}
