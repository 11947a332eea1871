namespace Sallyport.Server.Audit;

internal enum LogFieldKind
{
    Text,

    /// <summary>The beginning of the entry's id.</summary>
    Instant,

    /// <summary>What the user is called now.</summary>
    UserName,

    /// <summary>What the client is called now.</summary>
    ClientName,

    /// <summary>Told by the type.</summary>
    Description,

    /// <summary>Of every entry the same.</summary>
    Hostname,

    /// <summary>A field of the published API that no entry here has.</summary>
    Nothing,
}

/// <param name="Name">As queries and sorts name it.</param>
/// <param name="Column">By which it is sorted and known to be there; empty where there is none.</param>
internal sealed record LogField(string Name, LogFieldKind Kind, string Column = "")
{
    /// <summary>A word without a field is looked for in it.</summary>
    public bool IsOfBareWords { get; init; }
}
