using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Policies;

/// <summary>When a second factor is asked for. Empty: never. A bare array on the wire.</summary>
[UniqueItems, AllowedItems("all-applications", "confidence-score")]
public sealed class MfaPolicies : List<string>;
