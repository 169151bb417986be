"""Lesson 09, images with many labels: kernels, pooling, sizes, true augmentation, and unseen handwriting."""

from __future__ import annotations

from mlcourse.practice.bank._ch09_conv_layer import LAYER
from mlcourse.practice.bank._ch09_experiment import UNSEEN_HANDWRITING
from mlcourse.practice.bank._ch09_layers import ANYWHERE, POOL, WINDOW
from mlcourse.practice.bank._ch09_pictures import COVER, SHIFT
from mlcourse.practice.bank._ch09_sizes import PARAMETERS, SIZE

TASKS = (WINDOW, ANYWHERE, PARAMETERS, POOL, SHIFT, SIZE, LAYER, COVER, UNSEEN_HANDWRITING)
