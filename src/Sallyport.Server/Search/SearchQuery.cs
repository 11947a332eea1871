using Sallyport.Server.Storage;

namespace Sallyport.Server.Search;

/// <summary>Statements of one search, with the parameters of its condition.</summary>
internal sealed class SearchQuery(Engine engine, TenantId tenant)
{
    private readonly List<(string, SqlValue)> parameters = [("tenant_id", tenant.Value)];

    public Engine Engine => engine;

    /// <summary>The condition comes of what a caller asked for.</summary>
    public bool IsMadeForOneRequest { get; init; } = true;

    /// <returns>The parameter as it stands in a statement.</returns>
    public string Add(SqlValue value)
    {
        var name = $"p{parameters.Count}";
        parameters.Add((name, value));
        return "@" + name;
    }

    public Statement ToStatement(string text, params (string, SqlValue)[] more) =>
        new(text, [.. parameters, .. more]) { IsMadeForOneRequest = IsMadeForOneRequest };
}
