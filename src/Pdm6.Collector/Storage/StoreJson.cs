using System.Text.Json.Serialization;

namespace Pdm6.Collector.Storage;

/// <summary>JSON inside the store's columns.</summary>
[JsonSerializable(typeof(SortedDictionary<string, long>))]
[JsonSerializable(typeof(SortedDictionary<int, long>))]
[JsonSerializable(typeof(ulong[][]))]
internal sealed partial class StoreJson : JsonSerializerContext;
