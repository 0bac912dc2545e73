using Pdm6.Registration.Tests.Server;

namespace Pdm6.Registration.Tests.Storage;

/// <summary>A database that can hold a registrar's store. What the tests ask of a registrar, they ask of it on each.</summary>
public interface IStoreKind
{
    /// <summary>A registrar on an empty store of this kind.</summary>
    internal Task<TestRegistrar> StartAsync(Func<RegistrarOptions, RegistrarOptions>? change = null);
}
