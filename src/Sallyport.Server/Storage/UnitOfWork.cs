namespace Sallyport.Server.Storage;

/// <summary>
/// One database transaction. It is committed when the work returns, unless the work threw or called <see cref="Abandon"/>.
/// </summary>
internal abstract class UnitOfWork : Session
{
    private List<Action>? committed;

    public bool IsAbandoned { get; private set; }

    /// <returns>The number of rows that the statement changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(Statement statement, CancellationToken cancellationToken);

    /// <summary>
    /// Runs statements in one round trip, each of which must change exactly one row. If one does not, the unit is abandoned.
    /// Everything that may happen only once is done this way, or by <see cref="Require"/>.
    /// </summary>
    public abstract ValueTask<bool> TryApplyAsync(IReadOnlyList<Statement> statements, CancellationToken cancellationToken);

    /// <summary>
    /// A SELECT whose rows cannot change until the unit ends. SQLite has only one writer, so it needs no lock. Other units may still insert rows
    /// that refer to these: if they had to wait, they could wait for rows that this unit needs next.
    /// </summary>
    public string Locking(string select) => Engine == Engine.PostgreSql ? select + " FOR NO KEY UPDATE" : select;

    /// <summary>A SELECT whose rows nobody can change until the unit ends. Other units may do the same at the same time.</summary>
    public string Sharing(string select) => Engine == Engine.PostgreSql ? select + " FOR SHARE" : select;

    /// <summary>
    /// Adds a statement whose result is not needed. It is sent with the next statement or with the commit, which saves a round
    /// trip on PostgreSQL.
    /// </summary>
    public abstract void Enqueue(Statement statement);

    /// <summary>
    /// Adds a statement like <see cref="Enqueue"/> that must change exactly one row. <see cref="TryCommitAsync"/> says whether it did. Statements
    /// that are added afterwards run only if it did.
    /// </summary>
    public abstract void Require(Statement statement);

    /// <summary>
    /// The last step of a unit with required statements: what still waits and the commit are one round trip on PostgreSQL. Not cancellable:
    /// otherwise the caller could not know whether the work was committed.
    /// </summary>
    /// <returns>False if a required statement did not change exactly one row. The unit is abandoned then.</returns>
    public abstract ValueTask<bool> TryCommitAsync();

    /// <summary>Rolls the transaction back when the work returns.</summary>
    public void Abandon() => IsAbandoned = true;

    /// <summary>Calls <paramref name="action"/> once the transaction is durable, for example to wake a worker.</summary>
    public void OnCommitted(Action action) => (committed ??= []).Add(action);

    protected bool AllOrNothing(bool applied)
    {
        if (!applied)
        {
            Abandon();
        }

        return applied;
    }

    internal void RaiseCommitted() => committed?.ForEach(action => action());
}
