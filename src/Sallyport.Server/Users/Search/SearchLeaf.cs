using Sallyport.Server.Search;

namespace Sallyport.Server.Users.Search;

/// <summary>A condition of one clause. Either on the user's own row, or by rows that name their user, or both.</summary>
/// <param name="Test">On table <c>user</c> by the name of <c>u</c>; null where only rows can tell.</param>
/// <param name="From">The table of those rows, by the name of <c>s</c>; null where there is none.</param>
/// <param name="Where">Which of them, all of the tenant.</param>
internal sealed record SearchLeaf(string? Test, string? From = null, string Where = "")
{
    public static readonly SearchLeaf Everybody = new(RowCondition.Everything);
    public static readonly SearchLeaf Nobody = new(RowCondition.Nothing);

    public bool IsByRows => From is not null;

    public string Select => $"SELECT s.user_id FROM {From} s WHERE s.tenant_id = @tenant_id AND {Where}";

    /// <summary>
    /// Asks about one user after the other, which is best where most users qualify. With an offset, though it is none, PostgreSQL
    /// does not make a join of it.
    /// </summary>
    public string OneByOne => Test ?? $"EXISTS ({Select} AND s.user_id = u.user_id LIMIT 1 OFFSET 0)";

    public static SearchLeaf ByRows(string from, string where) => new(null, from, where);
}
