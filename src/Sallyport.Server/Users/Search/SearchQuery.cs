using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>A condition on table <c>user</c> by the name of <c>u</c>, with its parameters.</summary>
internal sealed class SearchQuery(Engine engine, TenantId tenant)
{
    private readonly List<(string, SqlValue)> parameters = [("tenant_id", tenant.Value)];

    public Engine Engine => engine;

    /// <returns>The parameter as it stands in a statement.</returns>
    public string Add(SqlValue value)
    {
        var name = $"p{parameters.Count}";
        parameters.Add((name, value));
        return "@" + name;
    }

    public Statement ToStatement(string text, params (string, SqlValue)[] more) =>
        new(text, [.. parameters, .. more]) { IsMadeForOneRequest = true };
}
