import { basename } from 'node:path'

/**
 * The first checkpoint that can be read, of places from the latest to the oldest; null where none can. Each that is passed
 * over is told with the reason, and so is that the stage starts anew.
 */
export async function readLatestCheckpoint<T>(
  places: string[],
  read: (place: string) => Promise<T>,
  note: (message: string) => void,
): Promise<T | null> {
  for (const place of places) {
    try {
      return await read(place)
    } catch (error) {
      note(`The checkpoint ${basename(place)} is damaged and passed over: ${(error as Error).message}`)
    }
  }
  if (places.length > 0) note('No checkpoint can be read: the stage starts anew.')
  return null
}
