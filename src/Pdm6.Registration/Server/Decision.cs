using System.Diagnostics.CodeAnalysis;

namespace Pdm6.Registration.Server;

/// <summary>Either a result or why there is none.</summary>
internal readonly record struct Decision<T>
{
    private Decision(T? result, Refusal? refusal) => (Result, Refusal) = (result, refusal);

    /// <summary>Set unless refused.</summary>
    public T? Result { get; }

    /// <summary>Null unless refused.</summary>
    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Refusal))]
    [MemberNotNullWhen(false, nameof(Result))]
    public bool IsRefused => Refusal is not null;

    public static implicit operator Decision<T>(T result) => new(result, null);

    public static implicit operator Decision<T>(Refusal refusal) => new(default, refusal);
}
