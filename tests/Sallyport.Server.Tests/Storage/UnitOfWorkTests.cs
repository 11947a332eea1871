using System.Data.Common;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Storage;

public sealed class UnitOfWorkTests
{
    [Theory, Engines]
    public async Task Enqueued_statements_run_with_the_commit(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var committed = false;

        await shared.Open().WriteAsync(
            unit =>
            {
                unit.Enqueue(Insert(1));
                unit.Enqueue(Insert(2));
                unit.OnCommitted(() => committed = true);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        (await ListAsync(shared)).ShouldBe([1, 2]);
        committed.ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task Two_queries_in_one_round_trip_see_the_statements_enqueued_before_them(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var database = shared.Open();
        var small = new Query<long>(new Statement("SELECT value FROM number WHERE value < @limit", ("limit", 10L)), row => row.GetInt64(0));
        var large = new Query<string>(new Statement("SELECT 'large' FROM number WHERE value > @limit", ("limit", 10L)), row => row.GetString(0));

        var inside = await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(Insert(1));
                unit.Enqueue(Insert(1000));
                return unit.QueryBothAsync(small, large, CancellationToken.None);
            },
            CancellationToken.None);
        var outside = await database.ReadAsync(session => session.QueryBothAsync(small, large, CancellationToken.None), CancellationToken.None);

        foreach (var (first, second) in new[] { inside, outside })
        {
            first.ShouldBe([1]);
            second.ShouldBe(["large"]);
        }
    }

    [Theory, Engines]
    public async Task A_failing_enqueued_statement_rolls_back_the_unit(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var committed = false;

        var fault = await Should.ThrowAsync<DbException>(async () => await shared.Open().WriteAsync(
            async unit =>
            {
                unit.OnCommitted(() => committed = true);
                await unit.ExecuteAsync(Insert(1), CancellationToken.None);
                unit.Enqueue(Insert(2));
                unit.Enqueue(Insert(2));
            },
            CancellationToken.None));

        ConstraintViolation.IsUnique(fault).ShouldBeTrue();
        (await ListAsync(shared)).ShouldBeEmpty();
        committed.ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task Units_that_take_the_same_rows_in_any_order_all_commit(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var database = shared.Open();
        await ExecuteAsync(database, Insert(1));
        await ExecuteAsync(database, Insert(2));
        var bothHoldTheirFirst = new Barrier(2);

        await Task.WhenAll(new[] { (First: 1, Second: 2), (First: 2, Second: 1) }.Select(order => Task.Run(async () =>
        {
            var isFirstAttempt = true;
            await database.WriteAsync(
                async unit =>
                {
                    await unit.ExecuteAsync(Touch(order.First), CancellationToken.None);
                    if (isFirstAttempt && engine == Engine.PostgreSql)
                    {
                        isFirstAttempt = false;
                        bothHoldTheirFirst.SignalAndWait();
                    }

                    await unit.ExecuteAsync(Touch(order.Second), CancellationToken.None);
                    unit.Enqueue(Insert(10 + order.First));
                },
                CancellationToken.None);
        })));

        (await ListAsync(shared)).ShouldBe([1, 2, 11, 12]);
    }

    [Fact]
    public async Task A_row_that_is_locked_on_PostgreSQL_can_be_referred_to_meanwhile()
    {
        await using var shared = await CreateAsync(Engine.PostgreSql);
        var database = shared.Open();
        await ExecuteAsync(database, Insert(1));
        await ExecuteAsync(database, new Statement("CREATE TABLE reference (value bigint NOT NULL REFERENCES number)"));

        await database.WriteAsync(
            async unit =>
            {
                await unit.QueryAsync(new Statement(unit.Locking("SELECT value FROM number WHERE value = 1")), row => row.GetInt64(0), CancellationToken.None);
                (await ExecuteAsync(database, new Statement("INSERT INTO reference (value) VALUES (1)")).AsTask().WaitAsync(TimeSpan.FromSeconds(10)))
                    .ShouldBe(1);
            },
            CancellationToken.None);
    }

    [Theory, Engines]
    public async Task An_exception_rolls_back_the_unit(Engine engine)
    {
        await using var shared = await CreateAsync(engine);

        await Should.ThrowAsync<TimeZoneNotFoundException>(async () => await shared.Open().WriteAsync(
            async unit =>
            {
                await unit.ExecuteAsync(Insert(1), CancellationToken.None);
                throw new TimeZoneNotFoundException();
            },
            CancellationToken.None));

        (await ListAsync(shared)).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task An_abandoned_unit_returns_its_result_and_writes_nothing(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var committed = false;

        var result = await shared.Open().WriteAsync(
            async unit =>
            {
                unit.OnCommitted(() => committed = true);
                unit.Enqueue(Insert(1));
                await unit.ExecuteAsync(Insert(2), CancellationToken.None);
                unit.Abandon();
                return "abandoned";
            },
            CancellationToken.None);

        result.ShouldBe("abandoned");
        committed.ShouldBeFalse();
        (await ListAsync(shared)).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Statements_that_must_all_change_a_row_are_applied_together_or_not_at_all(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var database = shared.Open();

        var both = await ApplyAsync(database, Insert(1), Insert(2));
        var half = await ApplyAsync(database, Insert(3), new Statement("UPDATE number SET value = 4 WHERE value = 99"));

        both.ShouldBeTrue();
        half.ShouldBeFalse();
        (await ListAsync(shared)).ShouldBe([1, 2]);
    }

    /// <summary>On PostgreSQL such a unit is one round trip if nothing was read before.</summary>
    [Theory, Engines]
    public async Task Required_statements_and_what_follows_them_are_committed_together_or_not_at_all(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var database = shared.Open();
        var committed = 0;

        foreach (var readsFirst in new[] { false, true })
        {
            var offset = readsFirst ? 10 : 0;
            (await CommitAsync(readsFirst, Insert(offset + 1), Insert(offset + 2))).ShouldBeTrue();
            (await CommitAsync(readsFirst, Touch(offset + 1), Insert(offset + 3), Touch(99))).ShouldBeFalse();
            (await CommitAsync(readsFirst, Touch(offset + 1), new Statement("UPDATE number SET value = value"))).ShouldBeFalse();
        }

        (await ListAsync(shared)).ShouldBe([1, 2, 11, 12, 1000 + 2, 1000 + 12]);
        committed.ShouldBe(2);

        ValueTask<bool> CommitAsync(bool readsFirst, params Statement[] required) => database.WriteAsync(
            async unit =>
            {
                unit.OnCommitted(() => committed++);
                if (readsFirst)
                {
                    await unit.QueryAsync(new Statement("SELECT 1"), row => row.GetInt32(0), CancellationToken.None);
                }

                required.ToList().ForEach(unit.Require);
                unit.Enqueue(new Statement("INSERT INTO number (value) SELECT 1000 + max(value) FROM number WHERE value < 1000"));
                return await unit.TryCommitAsync();
            },
            CancellationToken.None);
    }

    [Theory, Engines]
    public async Task A_unit_that_does_not_ask_whether_its_required_statements_succeeded_writes_nothing(Engine engine)
    {
        await using var shared = await CreateAsync(engine);

        await Should.ThrowAsync<Exception>(async () => await shared.Open().WriteAsync(
            unit =>
            {
                unit.Enqueue(Insert(1));
                unit.Require(Touch(99));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None));

        (await ListAsync(shared)).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_unit_of_enqueued_statements_only_is_rolled_back_as_a_whole(Engine engine)
    {
        await using var shared = await CreateAsync(engine);

        await Should.ThrowAsync<DbException>(async () => await shared.Open().WriteAsync(
            unit =>
            {
                unit.Enqueue(Insert(1));
                unit.Enqueue(Insert(1));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None));

        (await ListAsync(shared)).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_failing_unit_does_not_affect_units_of_the_same_commit(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        var database = shared.Open();
        using var gate = new ManualResetEventSlim();
        // The first unit holds the writer until the others wait, so that an engine that groups commits puts them into one transaction.
        var first = Task.Run(() => database.WriteAsync(
            unit =>
            {
                gate.Wait(CancellationToken.None);
                return unit.ExecuteAsync(Insert(1000), CancellationToken.None);
            },
            CancellationToken.None).AsTask());
        var others = Enumerable.Range(0, 40).Select(number => InsertAsync(database, number)).ToList();

        gate.Set();
        await first;
        var outcomes = await Task.WhenAll(others);

        outcomes.Where((_, number) => number % 4 is 0 or 1).ShouldAllBe(outcome => outcome == "written");
        outcomes.Where((_, number) => number % 4 == 2).ShouldAllBe(outcome => outcome == "violated");
        outcomes.Where((_, number) => number % 4 == 3).ShouldAllBe(outcome => outcome == "abandoned");
        (await ListAsync(shared)).ShouldBe([.. Enumerable.Range(0, 40).Where(number => number % 4 is 0 or 1), 1000]);
    }

    /// <summary>Every fourth unit violates a constraint, every fourth is abandoned.</summary>
    private static async Task<string> InsertAsync(Database database, int number)
    {
        try
        {
            return await database.WriteAsync(
                async unit =>
                {
                    await unit.ExecuteAsync(Insert(number), CancellationToken.None);
                    if (number % 4 == 2)
                    {
                        await unit.ExecuteAsync(Insert(number), CancellationToken.None);
                    }

                    if (number % 4 == 3)
                    {
                        unit.Abandon();
                        return "abandoned";
                    }

                    return "written";
                },
                CancellationToken.None);
        }
        catch (DbException)
        {
            return "violated";
        }
    }

    [Theory, Engines]
    public async Task A_cancelled_caller_writes_nothing(Engine engine)
    {
        await using var shared = await CreateAsync(engine);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await shared.Open().WriteAsync(unit => unit.ExecuteAsync(Insert(1), gone.Token), gone.Token));

        (await ListAsync(shared)).ShouldBeEmpty();
    }

    /// <summary>It would block the only writing thread of SQLite.</summary>
    [Fact]
    public async Task A_SQLite_unit_that_awaits_anything_but_the_database_is_refused_and_writes_nothing()
    {
        await using var shared = await CreateAsync(Engine.Sqlite);
        var database = shared.Open();
        var elsewhere = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();

        var fault = await Should.ThrowAsync<InvalidOperationException>(async () => await database.WriteAsync(
            async unit =>
            {
                await unit.ExecuteAsync(Insert(1), CancellationToken.None);
                await elsewhere.Task;
                late.SetResult(await Record.ExceptionAsync(async () => await unit.ExecuteAsync(Insert(2), CancellationToken.None)));
            },
            CancellationToken.None));
        elsewhere.SetResult();

        fault.Message.ShouldContain("may await only its own statements");
        (await late.Task).ShouldBeOfType<InvalidOperationException>();
        await database.WriteAsync(unit => unit.ExecuteAsync(Insert(3), CancellationToken.None), CancellationToken.None);
        (await ListAsync(shared)).ShouldBe([3]);
    }

    private static async Task<TestDatabase> CreateAsync(Engine engine)
    {
        var shared = await TestDatabase.CreateAsync(engine);
        await shared.Open().WriteAsync(
            unit => unit.ExecuteAsync(new Statement("CREATE TABLE number (value bigint NOT NULL PRIMARY KEY)"), CancellationToken.None),
            CancellationToken.None);
        return shared;
    }

    private static ValueTask<int> ExecuteAsync(Database database, Statement statement) =>
        database.WriteAsync(unit => unit.ExecuteAsync(statement, CancellationToken.None), CancellationToken.None);

    private static ValueTask<bool> ApplyAsync(Database database, params Statement[] statements) =>
        database.WriteAsync(unit => unit.TryApplyAsync(statements, CancellationToken.None), CancellationToken.None);

    private static Statement Touch(long value) => new("UPDATE number SET value = @value WHERE value = @value", ("value", value));

    private static Statement Insert(long value) => new("INSERT INTO number (value) VALUES (@value)", ("value", value));

    private static async Task<List<long>> ListAsync(TestDatabase shared) => await shared.Open().QueryAsync(
        new Statement("SELECT value FROM number ORDER BY value"), row => row.GetInt64(0), CancellationToken.None);
}
