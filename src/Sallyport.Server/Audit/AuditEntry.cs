namespace Sallyport.Server.Audit;

/// <summary>Something that happened. Never holds a secret.</summary>
internal sealed record AuditEntry(string Type, AuditSource Source)
{
    public string? UserId { get; init; }

    /// <summary>A JSON text.</summary>
    public string? Details { get; init; }
}
