namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>Attacks keep every processor busy: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(NonceAttacksCollection), DisableParallelization = true)]
public class NonceAttacksCollection;
