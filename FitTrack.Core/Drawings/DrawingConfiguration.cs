using FitTrack.Core.Accounts;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

internal sealed class DrawingConfiguration : IEntityTypeConfiguration<Drawing>
{
    public void Configure(EntityTypeBuilder<Drawing> builder)
    {
        builder.ToTable("drawings", t =>
        {
            t.HasComment("Sweepstakes drawings with their states, terms and entropy source.");
            t.HasCheckConstraint("ck_drawings_times", "opens_at < sales_close_at AND sales_close_at < draw_at");
            t.HasCheckConstraint("ck_drawings_limits",
                "ticket_price > 0 AND max_tickets_per_purchase BETWEEN 1 AND 100 AND max_tickets_per_member > 0 AND free_entries_per_member > 0 AND alternates >= 0");
            t.HasCheckConstraint("ck_drawings_completed", "status <> 'completed' OR (completed_at IS NOT NULL AND paid_tickets IS NOT NULL AND free_tickets IS NOT NULL)");
            t.HasCheckConstraint("ck_drawings_cancelled", "status <> 'cancelled' OR (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL)");
        });
        builder.HasKey(d => d.Id);
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Name).HasMaxLength(DrawingTerms.MaxName);
        builder.Property(d => d.Description).HasMaxLength(DrawingTerms.MaxText);
        builder.Property(d => d.ImageUrl).HasMaxLength(DrawingTerms.MaxUrl);
        builder.Property(d => d.ChainHash).HasMaxLength(64);
        builder.Property(d => d.Commitment).HasMaxLength(64);
        builder.Property(d => d.SealedSeed).HasMaxLength(500);
        builder.Property(d => d.TemplateKey).HasMaxLength(60);
        builder.Property(d => d.CancelReason).HasMaxLength(300);
        builder.Property(d => d.HeldUpBy).HasMaxLength(300);
        builder.Property(d => d.Version).IsConcurrencyToken();
        builder.Property(d => d.Fencing).IsConcurrencyToken();
        builder.HasLease();
        builder.HasOne<DrawingRules>().WithMany().HasForeignKey(d => d.RulesVersion);
        builder.HasOne<DrawingTemplate>().WithMany().HasForeignKey(d => d.TemplateId);
        builder.HasOne<User>().WithMany().HasForeignKey(d => d.CreatedBy);
        builder.HasMany(d => d.Prizes).WithOne().HasForeignKey(p => p.DrawingId);
        builder.HasIndex(d => d.TemplateKey).IsUnique();
        builder.HasIndex(d => new { d.Status, d.DrawAt });
    }
}
