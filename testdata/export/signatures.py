"""What exporters read of forward(): which inputs it takes."""
import inspect


def of_names(names, forward):
    """forward() that takes these inputs, and nothing else."""
    def plain(*values, **named):
        return forward(**dict(zip(names, values)), **named)

    plain.__signature__ = inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names])
    return plain


def first_tensor(forward):
    """forward() that gives a single tensor, the first of what it made."""
    def first(*values, **named):
        made = forward(*values, **named)
        return made if hasattr(made, "shape") else made[0]

    return first
