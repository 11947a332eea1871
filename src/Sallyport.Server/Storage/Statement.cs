namespace Sallyport.Server.Storage;

/// <summary>
/// One SQL statement with named parameters (<c>@name</c>). The same text always comes with the same parameters in the same
/// order: engines remember what they made of it.
/// </summary>
internal readonly struct Statement(string text, params (string Name, SqlValue Value)[] parameters)
{
    public string Text { get; } = text;

    public (string Name, SqlValue Value)[] Parameters { get; } = parameters;

    /// <summary>The text comes of what a caller asked for: there is no end of such texts, so nobody keeps them.</summary>
    public bool IsMadeForOneRequest { get; init; }
}
