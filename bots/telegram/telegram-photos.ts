import { InputFile } from 'grammy'
import type { Message } from 'grammy/types'
import { describeError } from '../../src/errors.js'
import type { Log } from '../../src/log.js'
import type { OutgoingPicture } from '../messenger.js'
import { onAbort } from './abort.js'
import { isWrongFileId } from './telegram-errors.js'
import { RequestFailed } from './telegram-transport.js'

/** Telegram's names for pictures this bot has uploaded, by the picture's id. A lost name costs one more upload. */
export interface FileIds {
  find(pictureId: string): Promise<string | null>
  remember(pictureId: string, fileId: string): Promise<void>
}

interface Photos {
  /**
   * Runs `request` with the picture: by its file id where Telegram knows it, with its bytes where not. While one request
   * uploads a picture, others of the same picture wait for its file id: a campaign uploads its picture once.
   */
  deliver<T extends Message | true>(
    picture: OutgoingPicture,
    signal: AbortSignal,
    request: (photo: string | InputFile) => Promise<T>,
  ): Promise<T>
}

/** Plain ASCII: many multipart readers drop a file whose name has a space or anything else in it. */
const FILE_NAME = 'picture.png'

export const createPhotos = (files: FileIds, log: Log): Photos => {
  const uploads = new Map<string, Promise<string | null>>()

  const findFileId = (pictureId: string) =>
    files.find(pictureId).catch((error: unknown) => {
      log.warn({ pictureId, reason: describeError(error) }, 'telegram.file_id_not_found')
      return null
    })

  const upload = async <T extends Message | true>(
    picture: OutgoingPicture,
    request: (photo: InputFile) => Promise<T>,
  ): Promise<T> => {
    const { promise, resolve } = fileIdToCome()
    uploads.set(picture.id, promise)
    let fileId: string | null = null
    try {
      const message = await request(new InputFile(await render(picture), FILE_NAME))
      fileId = message === true ? null : (message.photo?.at(-1)?.file_id ?? null)
      return message
    } finally {
      resolve(fileId)
      if (fileId !== null) await remember(picture.id, fileId)
      if (uploads.get(picture.id) === promise) uploads.delete(picture.id)
    }
  }

  const remember = (pictureId: string, fileId: string) =>
    files.remember(pictureId, fileId).catch((error: unknown) => {
      log.warn({ pictureId, reason: describeError(error) }, 'telegram.file_id_not_remembered')
    })

  return {
    async deliver(picture, signal, request) {
      const known = await findFileId(picture.id)
      // No await between the look at `uploads` and the entry that `upload` makes there.
      const underWay = uploads.get(picture.id)
      const fileId = known === null && underWay !== undefined ? await waitFor(underWay, signal) : known
      if (fileId === null) return upload(picture, request)
      try {
        return await request(fileId)
      } catch (error) {
        if (!isWrongFileId(error)) throw error
        return upload(picture, request)
      }
    },
  }
}

const fileIdToCome = () => {
  let resolve: (fileId: string | null) => void = () => {}
  const promise = new Promise<string | null>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

const render = (picture: OutgoingPicture): Promise<Buffer> =>
  picture.png().catch((cause: unknown) => {
    throw new RequestFailed(`picture not rendered: ${describeError(cause)}`, false, { cause })
  })

/** What another request's upload yields; null when it failed, or when `signal` is aborted first. */
const waitFor = (upload: Promise<string | null>, signal: AbortSignal): Promise<string | null> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(null)
    const stopListening = onAbort(signal, () => resolve(null))
    void upload.then((fileId) => {
      stopListening()
      resolve(fileId)
    })
  })
