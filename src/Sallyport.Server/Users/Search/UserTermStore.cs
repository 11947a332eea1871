using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>Table <c>user_term</c>: the metadata of users, as it is searched. It is written together with the user.</summary>
internal static class UserTermStore
{
    private static readonly RowInsert RowInsert = new("user_term", "tenant_id", "user_id", "term");

    public static void Insert(UnitOfWork unit, TenantId tenant, IReadOnlyList<User> users)
    {
        var rows = users
            .SelectMany(user => MetadataTerms.Of(user).Select(term => new SqlValue[] { tenant.Value, user.UserId, term }))
            .ToList();
        foreach (var statement in RowInsert.Of(rows))
        {
            unit.Enqueue(statement);
        }
    }

    public static void Update(UnitOfWork unit, TenantId tenant, User stored, User user)
    {
        if (stored.AppMetadata?.GetRawText() != user.AppMetadata?.GetRawText()
            || stored.UserMetadata?.GetRawText() != user.UserMetadata?.GetRawText())
        {
            Replace(unit, tenant, user);
        }
    }

    public static void Replace(UnitOfWork unit, TenantId tenant, User user)
    {
        unit.Enqueue(new Statement(
            "DELETE FROM user_term WHERE tenant_id = @tenant_id AND user_id = @user_id",
            ("tenant_id", tenant.Value),
            ("user_id", user.UserId)));
        Insert(unit, tenant, [user]);
    }
}
