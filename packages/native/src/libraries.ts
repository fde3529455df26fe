/** The usual file names of BLAS libraries, in the order in which they are tried. */
const names: Readonly<Record<string, readonly string[]>> = {
  linux: [
    // Where there are several, this is the one with threads.
    'libopenblasp.so.0',
    'libopenblas.so.0',
    'libopenblas.so',
    'libblis.so.4',
    'libblis.so',
    'libmkl_rt.so.2',
    'libmkl_rt.so',
    'libcblas.so.3',
    'libblas.so.3',
  ],
  darwin: [
    '/System/Library/Frameworks/Accelerate.framework/Accelerate',
    'libopenblas.dylib',
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
    '/usr/local/opt/openblas/lib/libopenblas.dylib',
    'libblis.4.dylib',
    'libmkl_rt.2.dylib',
  ],
  win32: [
    'libopenblas.dll',
    'openblas.dll',
    'libblis.4.dll',
    'libblis.dll',
    'mkl_rt.2.dll',
    'mkl_rt.dll',
  ],
}

export function usualNames(platform: string): readonly string[] {
  return names[platform] ?? names['linux']!
}

const ways: Readonly<Record<string, string>> = {
  linux: '`apt install libopenblas0` (Debian, Ubuntu) or `dnf install openblas` (Fedora)',
  darwin: '`brew install openblas`',
  win32: 'put libopenblas.dll of an OpenBLAS release into a folder of the PATH',
}

/** How to install a BLAS. */
export function wayToInstall(platform: string): string {
  return `${ways[platform] ?? 'install OpenBLAS'}; or name a library's file in GRADTAPE_BLAS`
}

/** One implementation of BLAS, and how its number of threads is set. */
export interface Maker {
  readonly name: string
  /** A function that no other has. */
  readonly mark: string
  readonly threads?: { readonly set: string; readonly get: string; readonly type: string }
  /** The environment variable that sets the threads, read when the library is loaded. */
  readonly variable: string
}

/** The implementations that are known to be fast. */
export const makers: readonly Maker[] = [
  {
    name: 'OpenBLAS',
    mark: 'openblas_get_config',
    threads: { set: 'openblas_set_num_threads', get: 'openblas_get_num_threads', type: 'int' },
    variable: 'OPENBLAS_NUM_THREADS',
  },
  {
    name: 'BLIS',
    mark: 'bli_info_get_version_str',
    threads: {
      set: 'bli_thread_set_num_threads',
      get: 'bli_thread_get_num_threads',
      type: 'int64_t',
    },
    variable: 'BLIS_NUM_THREADS',
  },
  {
    name: 'MKL',
    mark: 'MKL_Get_Version_String',
    threads: { set: 'MKL_Set_Num_Threads', get: 'MKL_Get_Max_Threads', type: 'int' },
    variable: 'MKL_NUM_THREADS',
  },
  { name: 'Accelerate', mark: 'vDSP_vadd', variable: 'VECLIB_MAXIMUM_THREADS' },
]

/** Any other library with the functions of CBLAS. */
export const unknownMaker: Maker = { name: 'CBLAS', mark: '', variable: 'OMP_NUM_THREADS' }
