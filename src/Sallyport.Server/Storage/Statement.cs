namespace Sallyport.Server.Storage;

/// <summary>
/// One SQL statement with named parameters (<c>@name</c>). A parameter that may be null and whose type the
/// statement does not show is written <c>CAST(@name AS type)</c>.
/// </summary>
internal readonly struct Statement(string text, params (string Name, object? Value)[] parameters)
{
    public string Text { get; } = text;

    public (string Name, object? Value)[] Parameters { get; } = parameters;
}
