/** Readers and writers of paths, for Node and what is compatible with it. */
export { loadCsv } from './node/load-csv.ts'
export { imageFolder, ImageDataset } from './node/image-folder.ts'
export type { ImageFolderOptions } from './node/image-folder.ts'
export { loadSafetensors, openSafetensors, SafetensorsFile } from './node/safetensors-file.ts'
export { saveSafetensors } from './node/save-safetensors.ts'
export { NpyFile, openNpy } from './node/npy-file.ts'
export { loadNpy, loadNpz, saveNpy, saveNpz } from './node/npy-files.ts'
