using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace FitTrack.Core.Privacy;

/// <summary>A member's rows of one table: how they are shown in an export, whether an import takes them back, and what erasure does to them.</summary>
public abstract class PersonalTable
{
    /// <summary>The file in the archive, without its extension; null for what is never shown: secrets, and what other files show already.</summary>
    public abstract string? File { get; }

    /// <summary>The entity.</summary>
    public abstract Type Type { get; }

    /// <summary>Whether an import takes the rows back.</summary>
    public bool IsRestored { get; protected set; }

    internal abstract IAsyncEnumerable<object> RowsAsync();

    /// <summary>Removes the rows, or what is personal in them.</summary>
    internal abstract Task EraseAsync(CancellationToken ct);

    /// <summary>Whether rows have an id of their own; the others are parts of a row that has one, or the member's only one.</summary>
    internal bool HasId => Type.GetProperty("Id") is not null;

    /// <summary>The ids that the member has already.</summary>
    internal abstract Task<List<Guid>> IdsAsync(CancellationToken ct);

    /// <summary>Rows of the table that are everybody's, so that a restored row may refer to them.</summary>
    internal abstract Task<List<Guid>> SharedIdsAsync(CancellationToken ct);

    /// <summary>Changes a row that an import is about to add.</summary>
    internal abstract void Adjust(EntityEntry row);
}

/// <inheritdoc cref="PersonalTable"/>
/// <param name="file">See <see cref="PersonalTable.File"/>.</param>
/// <param name="rows">The member's, and nobody else's.</param>
public sealed class PersonalTable<T>(string? file, IQueryable<T> rows) : PersonalTable
    where T : class
{
    private Func<T, Task<object>>? _show;
    private Func<IQueryable<T>, CancellationToken, Task>? _erase;
    private Action<EntityEntry<T>>? _adjust;
    private IQueryable<Guid>? _shared;

    public override string? File => file;

    public override Type Type => typeof(T);

    /// <summary>Shows something else than the row as it is.</summary>
    public PersonalTable<T> ShownAs(Func<T, Task<object>> show)
    {
        _show = show;
        return this;
    }

    /// <summary>Erasure changes the rows instead of removing them.</summary>
    public PersonalTable<T> ErasedBy(Func<IQueryable<T>, CancellationToken, Task> erase)
    {
        _erase = erase;
        return this;
    }

    /// <summary>The rows stay: with nobody's name to them they are numbers that others' numbers rest on.</summary>
    public PersonalTable<T> Kept() => ErasedBy((_, _) => Task.CompletedTask);

    /// <summary>An import takes the rows back, under new ids; references outside the archive are dropped.</summary>
    public PersonalTable<T> Restored(Action<EntityEntry<T>>? adjust = null, IQueryable<Guid>? shared = null)
    {
        (IsRestored, _adjust, _shared) = (true, adjust, shared);
        return this;
    }

    internal override async IAsyncEnumerable<object> RowsAsync()
    {
        if (_show is null)
        {
            await foreach (var row in rows.AsNoTracking().AsAsyncEnumerable())
                yield return row;
            yield break;
        }

        // What is shown may have to ask the database too, which has one question at a time.
        foreach (var row in await rows.AsNoTracking().ToListAsync())
            yield return await _show(row);
    }

    internal override Task EraseAsync(CancellationToken ct) => _erase is null ? rows.ExecuteDeleteAsync(ct) : _erase(rows, ct);

    internal override async Task<List<Guid>> IdsAsync(CancellationToken ct) => await rows.Select(row => EF.Property<Guid>(row, "Id")).ToListAsync(ct);

    internal override async Task<List<Guid>> SharedIdsAsync(CancellationToken ct) => _shared is null ? [] : await _shared.ToListAsync(ct);

    internal override void Adjust(EntityEntry row) => _adjust?.Invoke(row.Context.Entry((T)row.Entity));
}
