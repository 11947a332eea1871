namespace Sallyport.Server.Storage;

/// <summary>
/// One SQL statement with named parameters (<c>@name</c>). The same text always comes with the same parameters in the same
/// order: engines remember what they made of it.
/// </summary>
internal readonly struct Statement(string text, params (string Name, SqlValue Value)[] parameters)
{
    public string Text { get; } = text;

    public (string Name, SqlValue Value)[] Parameters { get; } = parameters;

    /// <summary>False for a text that a caller has shaped: there is no end to them, and no use in keeping one.</summary>
    public bool IsRemembered { get; init; } = true;
}
