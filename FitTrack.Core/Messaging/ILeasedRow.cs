using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Messaging;

/// <summary>
/// A row of work that one process at a time may do: claimed by <see cref="LeasedWork.ClaimAsync"/>, and finished only
/// by an update that still finds the claim's <see cref="Fencing"/> number.
/// </summary>
public interface ILeasedRow
{
    Guid Id { get; }

    /// <summary>The claim that holds the row, or the last that did.</summary>
    string? LeaseOwner { get; }

    /// <summary>Until when the claim holds; null when nobody holds the row.</summary>
    DateTimeOffset? LeaseUntil { get; }

    /// <summary>Counts the claims of this row; a write that names an older number comes too late.</summary>
    long Fencing { get; }
}

public static class LeasedRowConfiguration
{
    /// <summary>The lengths of the lease columns.</summary>
    public static EntityTypeBuilder<T> HasLease<T>(this EntityTypeBuilder<T> builder)
        where T : class, ILeasedRow
    {
        builder.Property(x => x.LeaseOwner).HasMaxLength(120);
        return builder;
    }
}
