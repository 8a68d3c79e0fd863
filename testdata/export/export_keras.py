"""Exports two small Keras models by tf2onnx, as Keras itself calls it: a convolutional network with
residual blocks and a transformer. Runs in an environment of its own (requirements-keras.txt).

Usage: export_keras.py FOLDER
"""
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow
import tf2onnx
from keras import layers


def convolutional():
    x = image = keras.Input((32, 32, 3), name="image", batch_size=1)
    x = layers.Conv2D(16, 3, padding="same", name="stem")(x)
    for i in range(2):
        y = layers.Conv2D(16, 3, padding="same", name=f"block{i}_conv1")(x)
        y = layers.BatchNormalization(name=f"block{i}_bn1")(y)
        y = layers.ReLU(name=f"block{i}_relu")(y)
        y = layers.Conv2D(16, 3, padding="same", name=f"block{i}_conv2")(y)
        x = layers.Add(name=f"block{i}_add")([x, y])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, layers.Dense(10, name="head")(x), name="small_cnn")


def transformer():
    ids = keras.Input((16,), dtype="int32", name="ids", batch_size=1)
    x = layers.Embedding(100, 32, name="tokens")(ids)
    for i in range(2):
        y = layers.LayerNormalization(name=f"layer{i}_norm1")(x)
        y = layers.MultiHeadAttention(4, 8, name=f"layer{i}_attention")(y, y)
        x = layers.Add(name=f"layer{i}_add1")([x, y])
        y = layers.LayerNormalization(name=f"layer{i}_norm2")(x)
        # By the tanh: tf2onnx lacks the Erfc of the other form.
        y = layers.Dense(64, activation=keras.ops.gelu, name=f"layer{i}_up")(y)
        y = layers.Dense(32, name=f"layer{i}_down")(y)
        x = layers.Add(name=f"layer{i}_add2")([x, y])
    return keras.Model(ids, layers.Dense(10, name="head")(x), name="small_transformer")


def main(folder):
    for build in (convolutional, transformer):
        keras.utils.set_random_seed(0)
        model = build()
        signature = [tensorflow.TensorSpec(x.shape, x.dtype, name=x.name) for x in model.inputs]
        tf2onnx.convert.from_keras(model, input_signature=signature, opset=17,
                                   output_path=str(folder / f"keras_{build.__name__}_tf2onnx.onnx"))
        model.export(str(folder / f"keras_{build.__name__}.onnx"), format="onnx", verbose=False)
        print("exported", build.__name__, flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
