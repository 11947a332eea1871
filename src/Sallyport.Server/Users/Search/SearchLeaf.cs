namespace Sallyport.Server.Users.Search;

/// <summary>A condition of one clause. Either on the user's own row, or by rows that name their user.</summary>
/// <param name="Test">On table <c>user</c> by the name of <c>u</c>; null where rows decide.</param>
/// <param name="From">The table of those rows, by the name of <c>s</c>.</param>
/// <param name="Where">Which of them, all of the tenant.</param>
internal sealed record SearchLeaf(string? Test, string From = "", string Where = "")
{
    public static readonly SearchLeaf Everybody = new("1 = 1");
    public static readonly SearchLeaf Nobody = new("1 = 0");

    public bool IsByRows => Test is null;

    public string Select => $"SELECT s.user_id FROM {From} s WHERE s.tenant_id = @tenant_id AND {Where}";

    /// <summary>Looks for the rows of one user after the other, which is best where most users qualify.</summary>
    public string Exists => $"EXISTS ({Select} AND s.user_id = u.user_id)";

    public static SearchLeaf ByRows(string from, string where) => new(null, from, where);
}
