/* CUDA, machine learning, browsers: classification.md 3.11, 3.12. */
#include "catalogue_case.h"

#define SP "usr/lib/python3/dist-packages/"
#define HUB "root/.cache/huggingface/hub/models--a/"

CASE(ml_nvcc)
{
	rule("ML-NVCC", "likely", "usr/local/cuda-12.2/bin/nvcc",
	     .leaves = "usr/local/cuda-12.2/bin/x");
}

CASE(ml_cuinc)
{
	rule("ML-CUINC", "likely",
	     "usr/local/cuda-12.2/targets/x86_64-linux/include/cuda.h",
	     .leaves = "usr/local/cuda-12.2/x.h");
}

CASE(ml_cua)
{
	rule("ML-CUA", "certain", "usr/local/cuda-12.2/lib64/libcudart_static.a",
	     .leaves = "usr/local/cuda-12.2/lib64/libcudart.so");
}

CASE(ml_stub)
{
	rule("ML-STUB", "likely", "usr/local/cuda-12.2/lib64/stubs/libcuda.so",
	     .leaves = "usr/local/cuda-12.2/lib64/libcuda.so");
}

CASE(ml_nsight)
{
	rule("ML-NSIGHT", "certain", "usr/local/cuda-12.2/nsight-compute-2023/x",
	     .leaves = "opt/Sanitizer/x");
}

CASE(ml_cudup)
{
	rule("ML-CUDUP", "likely", "usr/local/cuda-12.2/lib64/libcublas.so.12.2.1",
	     .leaves = SP "nvidia/cublas/lib/libcublas.so.12", .size = 1100000);
}

CASE(ml_cpuonly)
{
	rule("ML-CPUONLY", "possible", SP "nvidia/cublas/lib/x", .leaves = SP "nvidiax/x",
	     .other_environment = "NVIDIA_VISIBLE_DEVICES=all");
}

CASE(ml_torchinc)
{
	rule("ML-TORCHINC", "likely", SP "torch/include/x.h", .leaves = SP "torch/x.h");
}

CASE(ml_torchtest)
{
	rule("ML-TORCHTEST", "likely", SP "torch/test/x.py",
	     .leaves = SP "torch/testing/x.py");
}

CASE(ml_torchtest_generators)
{
	rule("ML-TORCHTEST", "possible", SP "functorch/x.py", .leaves = SP "torch/x.py");
}

CASE(ml_tfinc)
{
	rule("ML-TFINC", "likely", SP "tensorflow/include/x.h",
	     .leaves = SP "tensorflow/x.h");
}

CASE(ml_triton)
{
	rule("ML-TRITON", "possible", SP "triton/backends/nvidia/bin/nvdisasm",
	     .leaves = SP "triton/backends/nvidia/bin/ptxas");
}

CASE(ml_a)
{
	rule("ML-A", "certain", SP "a/lib/libx.a", .leaves = SP "a/lib/libx.so",
	     .content = "!<arch>\\n");
}

CASE(ml_hfdup)
{
	rule("ML-HFDUP", "likely", "models/a/pytorch_model.bin",
	     .leaves = "models/b/pytorch_model.bin", .size = 1100000,
	     .beside = "file models/a/model.safetensors 10\n", .flips = true);
}

CASE(ml_hfdup_cached)
{
	rule("ML-HFDUP", "likely", HUB "blobs/0a", .size = 1100000,
	     .beside = "file " HUB "blobs/0b 10\nsymlink " HUB
		       "snapshots/1/pytorch_model.bin -> ../../blobs/0a\nsymlink " HUB
		       "snapshots/1/model.safetensors -> ../../blobs/0b\n",
	     .flips = true);
}

CASE(ml_hfcopy)
{
	rule("ML-HFCOPY", "likely", HUB "blobs/0c", .leaves = "models/x.safetensors",
	     .size = 1100000, .beside = "file " HUB "snapshots/1/x 10\n", .flips = true);
}

CASE(ml_hfc)
{
	rule("ML-HFC", "possible", HUB "blobs/0d", .leaves = "root/x");
}

CASE(ml_sample)
{
	rule("ML-SAMPLE", "certain", "usr/src/cudnn_samples_v8/x.c",
	     .leaves = "usr/src/x.c");
}

CASE(br_locale)
{
	rule("BR-LOCALE", "likely", "opt/x/chrome-linux/locales/de.pak",
	     .leaves = "opt/x/chrome-linux/locales/en-US.pak");
}

CASE(br_extra)
{
	rule("BR-EXTRA", "possible", "opt/x/chrome-linux/WidevineCdm/x.so",
	     .leaves = "opt/x/chrome-linux/chrome");
}
