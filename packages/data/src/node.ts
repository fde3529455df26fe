/** Readers of paths, for Node and what is compatible with it. */
export { loadCsv } from './node/load-csv.ts'
export { imageFolder, ImageDataset } from './node/image-folder.ts'
export type { ImageFolderOptions } from './node/image-folder.ts'
